/** The folder beside `meta` in which journals and locks lie. The agent does not look at it. */
export const BASE = 'mesos-ckpt';
