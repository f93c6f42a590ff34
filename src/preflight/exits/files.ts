import type { ExitGroup } from './exit.ts';

const LISTS = 'access control lists of files';

/** What flags name, modules, TLS and disks. */
export const FILES: readonly ExitGroup[] = [
  {
    title: 'Files and folders that flags name',
    exits: [
      {
        number: 159,
        where: 'the file of `--credential` is not there, may not be read, or is empty',
        check: 'named-files',
        unseen: LISTS,
      },
      {
        number: 160,
        where: 'the file of `--credential` is in the old form of text, which 1.11 no longer reads; or in neither form',
        check: 'named-files',
      },
      {
        number: 161,
        where: 'the file of `--http_credentials` is not there, may not be read, is empty, or does not parse',
        check: 'named-files',
        unseen: LISTS,
      },
      {
        number: 168,
        where: 'the folder of `--resource_provider_config_dir` is not there',
        check: 'named-files',
      },
      {
        number: 72,
        where:
          'the folder of `--fetcher_cache_dir` is there and cannot be removed: a mount point, of another user, read-only',
        check: 'folders',
      },
      {
        number: 93,
        where: '`provisioner` cannot be made below the `--work_dir`',
        check: 'folders',
        unseen: 'a disk that is full or has errors, but for what work-dir-disk tells',
      },
      {
        number: 76,
        where: 'the file of `--jwt_secret_key`, of `--executor_secret_key` in 1.4, is not there or may not be read',
        check: 'named-files',
        unseen: LISTS,
      },
      {
        number: 77,
        where:
          'the folder of `--csi_plugin_config_dir` is not there, or `--isolation` has no `volume/csi` to go with it',
        versions: '1.11 and later',
        check: 'named-files',
      },
      {
        number: 169,
        where: '`--resource_provider_config_dir` is not a folder, or may not be listed',
        versions: '1.5 and later',
        check: 'named-files',
      },
      { number: 98, where: 'the folder of `--docker_store_dir` cannot be made', check: 'folders' },
      { number: 166, where: 'the `--work_dir` cannot be made', check: 'folders' },
      {
        number: 156,
        where: 'the folder of the socket of `--http_executor_domain_sockets` is not there, or may not be written',
        versions: '1.10 and later',
        check: 'folders',
      },
      {
        number: 157,
        where: '`--domain_socket_location=systemd:NAME`, and systemd does not pass one socket of that name',
        versions: '1.10 and later',
        check: 'folders',
        unseen: 'what systemd passes: the check says that it is not known',
      },
      {
        number: 143,
        where: 'an agent that is built to seal its launcher does not find `mesos-containerizer` in `--launcher_dir`',
        unseen: 'how an agent is built is in no file; other agents start without, and fail their tasks',
      },
      {
        number: 2,
        where: 'the protobuf library that is loaded is not the one that the agent was compiled with',
        unseen: 'the version is compiled into the code of libmesos, and most packages bring their own library',
      },
      {
        number: 1,
        where:
          'a library is gone that the agent is linked with: libssl, libevent, libcurl, libsvn, as after an update of the system',
        check: 'version',
        unseen: 'what libmesos itself is linked with, and versions of symbols; `ldd` of both tells',
      },
    ],
  },
  {
    title: 'Disks and root file systems',
    exits: [
      { number: 176, where: 'the folder of a MOUNT disk is not there', check: 'disks' },
      { number: 177, where: 'nothing is mounted at the folder of a MOUNT disk', check: 'disks' },
      { number: 178, where: 'the folder of a PATH disk cannot be made, or a disk has no folder', check: 'disks' },
      {
        number: 212,
        where: "a container's root file system is of a backend that the agent does not have now",
        check: 'root-file-systems',
      },
      {
        number: 214,
        where: 'the list of stored images is damaged',
        versions: 'all, with DOCKER among `--image_providers`',
        check: 'image-store',
      },
      {
        number: 95,
        where: '`--image_provisioner_backend` does not work on the file system of the `--work_dir`',
        check: 'root-file-systems',
      },
      {
        number: 96,
        where:
          'overlay is named, and the file system of the `--work_dir` does not tell the types of its entries (XFS with `ftype=0`)',
        versions: '1.5 and later',
        unseen:
          'it is in the super block of the disk, or in what the kernel says of a folder that is made for it; `xfs_info` tells',
      },
      {
        number: 213,
        where:
          "the layers of a container's root file system are damaged, or one of an unknown container cannot be taken away",
        unseen: 'whether something uses a mount shows when it is unmounted',
      },
    ],
  },
  {
    title: 'Modules',
    exits: [
      {
        number: 60,
        where: 'a file in `--modules_dir` is not a manifest, or may not be read',
        check: 'modules',
      },
      {
        number: 62,
        where: 'a library is not there, may not be read, or is not a library',
        check: 'modules',
        unseen: 'libraries that it needs itself, and symbols that the new libmesos no longer has',
      },
      {
        number: 64,
        where: 'a module was built with another version of Mesos',
        check: 'modules',
        unseen: 'the check goes by the texts in a library, and warns',
      },
      {
        number: 142,
        where:
          '`--container_logger` is in no manifest, or cannot be made: its `mesos-logrotate-logger` is not there, logrotate is not in the PATH, or a size is below a page',
        check: 'modules',
        unseen:
          'what any other logger does itself; and where the build has that program, which counts where launcher_dir is not among the parameters',
      },
      {
        number: 220,
        where: '`--authenticatee` is in no manifest, or the master refuses the credential',
        check: 'modules',
        unseen: 'only the name is looked up: what the master knows is not here',
      },
      { number: 58, where: 'both `--modules` and `--modules_dir` are set', check: 'flags' },
      { number: 59, where: '`--modules_dir` is not there, or may not be listed', check: 'modules' },
      { number: 61, where: 'a manifest has a library without a file, or a module without a name', check: 'modules' },
      { number: 63, where: 'a library has no module of the name', check: 'modules' },
      {
        number: 65,
        where: 'a module is of another interface, of an unknown kind, or says itself that it does not fit',
        unseen: 'that is in the code of the module',
      },
      { number: 66, where: 'two modules have one name, and other parameters or libraries', check: 'modules' },
      { number: 67, where: 'an anonymous module cannot be made', unseen: 'that is in the code of the module' },
      {
        number: 68,
        where: '`--hooks` names a module twice, or one that is in no manifest, or that cannot be made',
        check: 'modules',
        unseen: 'what the module does itself',
      },
      {
        number: 73,
        where: '`--secret_resolver` is in no manifest',
        check: 'modules',
        unseen: 'what the module does itself',
      },
      {
        number: 150,
        where: '`--master_detector` is in no manifest',
        check: 'modules',
        unseen: 'what the module does itself',
      },
      {
        number: 152,
        where: '`--authorizer` is in no manifest',
        check: 'modules',
        unseen: 'what the module does itself',
      },
      {
        number: 155,
        where: '`--resource_estimator` or `--qos_controller` is in no manifest',
        check: 'modules',
        unseen: 'what the module does itself',
      },
      { number: 164, where: '`--http_authenticators` names one that is in no manifest', check: 'modules' },
      {
        number: 167,
        where: '`--disk_profile_adaptor` is in no manifest',
        versions: '1.5 and later',
        check: 'modules',
        unseen: 'what the module does itself',
      },
    ],
  },
  {
    title: 'TLS',
    exits: [
      { number: 44, where: 'TLS is enabled, and no key or no certificate is named', check: 'tls' },
      {
        number: 45,
        where: 'the key or the certificate is not there, may not be read, is not PEM, or has a passphrase',
        check: 'tls',
        unseen: "OpenSSL's own rules: keys below 2048 bits are warned of, old signatures are not seen",
      },
      {
        number: 48,
        where: 'OpenSSL knows none of `LIBPROCESS_SSL_CIPHERS`',
        check: 'tls',
        unseen: 'the list of the OpenSSL in use: the check knows what newer ones have dropped',
      },
      {
        number: 43,
        where: 'a variable of TLS has a value that does not parse',
        check: 'tls',
        unseen: 'whether the agent is built with TLS, where none runs',
      },
      { number: 46, where: 'the key is not that of the certificate', check: 'tls' },
      {
        number: 47,
        where: 'certificates are verified, and the file of authorities is not there or has none',
        check: 'tls',
      },
      {
        number: 49,
        where: 'OpenSSL does not know `LIBPROCESS_SSL_ECDH_CURVES`',
        check: 'tls',
        unseen: 'the list of the OpenSSL in use: the check knows the usual ones',
      },
      {
        number: 50,
        where: '`LIBPROCESS_SSL_HOSTNAME_VALIDATION_SCHEME` is neither legacy nor openssl',
        versions: '1.9 and later',
        check: 'tls',
      },
    ],
  },
];
