/** mesos-ckpt is an ES module: use `await import('mesos-ckpt')` in place of `require('mesos-ckpt')`. */
export {};
