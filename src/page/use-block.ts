import { useEffect, useState } from 'preact/hooks';
import { blockOf } from './blocks.ts';

/** The value in a block, once it is unpacked; undefined before, and where no block is asked for. */
export const useBlock = <T>(number: number | undefined): T | undefined => {
  const [read, setRead] = useState<{ readonly number: number; readonly value: T } | undefined>();
  useEffect(() => {
    let isWanted = true;
    if (number !== undefined && number >= 0) {
      void blockOf<T>(number).then((value) => {
        if (isWanted) setRead({ number, value });
      });
    }
    return () => {
      isWanted = false;
    };
  }, [number]);
  return read !== undefined && read.number === number ? read.value : undefined;
};
