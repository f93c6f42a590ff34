'use strict';
const error = new Error(
  "mesos-ckpt is an ES module: use `await import('mesos-ckpt')` in place of `require('mesos-ckpt')`",
);
error.code = 'ERR_REQUIRE_ESM';
throw error;
