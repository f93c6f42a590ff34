import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';

/** The rows of a long list that are in sight, and a few around them: only these are elements. */
export const useVirtualRows = (scroller: RefObject<HTMLElement | null>, count: number, height: number) => {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const made = useRef<Virtualizer<HTMLElement, HTMLElement> | undefined>(undefined);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw(undefined),
    // What is in sight before the browser has measured.
    initialRect: { width: 1000, height: 600 },
  };
  made.current ??= new Virtualizer<HTMLElement, HTMLElement>(options);
  made.current.setOptions(options);
  const virtualizer = made.current;
  useEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
};
