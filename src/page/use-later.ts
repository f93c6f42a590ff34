import { useEffect, useState } from 'preact/hooks';

/** In milliseconds. */
const LATER = 200;

/** Whether what is seen at first has been drawn: then what is folded, or for paper, may be drawn too. */
export const useLater = (): boolean => {
  const [isLater, setLater] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLater(true), LATER);
    return () => clearTimeout(timer);
  }, []);
  return isLater;
};
