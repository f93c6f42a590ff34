import { isAgentProgram } from '../../agent/program.ts';
import { baseName } from '../../source/source.ts';

/** Programs that take nothing of a work_dir away, whatever they are given. */
const HARMLESS: ReadonlySet<string> = new Set(
  [
    'mkdir chown chgrp chmod install touch ln cp cat echo printf ls test [ true false ping ping6 curl wget sleep usleep',
    'modprobe insmod sysctl mount umount mountpoint grep egrep fgrep sed awk gawk logger hostname hostnamectl ip ifconfig',
    'systemctl service kill pkill killall pidof pgrep date id whoami getent nslookup dig host tee head tail cut tr sort uniq',
    'wc stat readlink realpath dirname basename which nc ncat ss netstat iptables ip6tables ipset swapoff setfacl restorecon',
    'chcon ldconfig journalctl tput uname nproc free df du ps file seq xargs expr lsof lsblk blkid udevadm systemd-notify',
    'docker podman docker-compose start-stop-daemon ulimit wait umask trap mesos-init-wrapper mesos-daemon.sh rmdir prlimit',
    'mesos-master mesos-execute jq rm mv find unlink systemd-tmpfiles mesosphere-dnsconfig consul etcdctl zkCli.sh',
  ].flatMap((line) => line.split(' ')),
);

/** What DC/OS itself has; none of it takes away what its agent keeps. */
const OF_DISTRIBUTION = '/opt/mesosphere/';

/** Whether a program is known to take nothing away of itself. */
export const isHarmless = (program: string): boolean =>
  HARMLESS.has(baseName(program)) || isAgentProgram(program) || program.startsWith(OF_DISTRIBUTION);
