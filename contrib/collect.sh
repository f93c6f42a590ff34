#!/bin/sh
# Prints, as a tar archive, what mesos-ckpt's verify, prune and preflight read of a host, and nothing else.
#
#   sh collect.sh [--work-dir DIR] [--redact] [ROOT] > HOST.tar
#   ssh HOST sudo sh -s < collect.sh > HOST.tar
#   ssh HOST sudo sh -s -- --redact < collect.sh > HOST.tar
#
# ROOT stands for the host's /: a disk that is mounted, say. Nothing is written on the host, not even a temporary file.
# What could not be read is said on standard error and in the archive. The exit code is 0, or 1 where nothing was found.
# It needs what a POSIX system has, and tar, stat, readlink, head -c and xargs -0 of GNU or busybox.

redact=no
work_dir=
root=/

# So many seconds may one read take, and all of it.
most_seconds=5
most_seconds_in_all=1800
# So many bytes of a file are read that is a text, or one of /proc.
most_bytes=16777216

nl='
'
tab=$(printf '\t')

# What is said is for a terminal: names are anybody's.
say() {
  case $1 in
    *[![:print:]]*) printf 'collect: %s\n' "$(printf '%s' "$1" | tr -c ' -~' '?')" >&2 ;;
    *) printf 'collect: %s\n' "$1" >&2 ;;
  esac
}

usage() {
  say "$1"
  say 'usage: sh collect.sh [--work-dir DIR] [--redact] [ROOT] > HOST.tar'
  exit 2
}

# Sets E to a text as a field of a record.
escape() {
  E=$1
  case $E in
    *[%"$tab$nl"]*)
      E=$(printf '%s\n' "$1" | awk '{ gsub(/%/, "%25"); gsub(/\t/, "%09"); printf "%s%s", between, $0; between = "%0A" }')
      ;;
  esac
}

# Adds a record: its kind, and fields.
record() {
  line=$1
  shift
  for field do
    escape "$field"
    line=$line$tab$E
  done
  records=$records$line$nl
}

# Says that a path was left out: the reason as a word, and as a clause.
leave_out() {
  record X "$1" "$2"
  say "left out $2: $3"
}

# Follows a path from the root, by hand: a link that is absolute stays within the root. Sets REAL, or ABSENT.
# Each link on the way is recorded. Returns 1 where nothing is there, 2 where that cannot be told.
follow() {
  left=$1/
  at=
  links=0
  while [ -n "$left" ]; do
    name=${left%%/*}
    left=${left#*/}
    case $name in
      '' | .) continue ;;
      ..)
        at=${at%/*}
        continue
        ;;
    esac
    next=$at/$name
    if [ -L "$base$next" ]; then
      links=$((links + 1))
      [ "$links" -le 40 ] || return 2
      target=$(readlink "$base$next" && echo x) || return 2
      target=${target%??}
      # It leads to the program that asks where, which has ended by now: this script is where that was.
      [ "$base$next" != /proc/self ] || target=$$
      case $followed in
        *"//$next//"*) ;;
        *)
          followed=$followed//$next//
          seen=$seen${next%/*}$nl
          record K "$next" "$target"
          ;;
      esac
      case $target in
        /*) at= ;;
      esac
      left=$target/$left
    elif [ -e "$base$next" ]; then
      at=$next
    else
      ABSENT=$next
      # Below a file is nothing; what a folder has that may not be gone through is not known.
      [ -d "$base$at/" ] && ! [ -x "$base$at/" ] && return 2
      return 1
    fi
  done
  REAL=$at
}

# Looks at a path: it is recorded, or that nothing is there.
look() {
  case $1 in
    *"$nl"*) return 1 ;;
  esac
  follow "$1"
  case $? in
    0)
      seen=$seen$REAL$nl
      return 0
      ;;
    1)
      seen=$seen${ABSENT%/*}$nl
      record A "$ABSENT"
      return 1
      ;;
    *)
      record X denied "$1"
      return 1
      ;;
  esac
}

# Takes the names in a folder; with `deep`, of all below it.
list() {
  look "$1" || return 1
  [ -d "$base$REAL/" ] || return 1
  if [ -r "$base$REAL/" ]; then
    case ${2-} in
      deep) deep=$deep$REAL$nl ;;
      *) lists=$lists$REAL$nl ;;
    esac
  else
    leave_out denied "$REAL" 'no permission to list it'
  fi
}

# Takes what is in a file of text.
text() {
  look "$1" || return 1
  [ -f "$base$REAL" ] || return 1
  texts=$texts$REAL$nl
}

# The same of all files of a folder, whose names may have to match a pattern.
texts_in() {
  list "$1" || return 1
  folder=$REAL
  set +f
  for file in "$base$folder"/* "$base$folder"/.[!.]*; do
    set -f
    case ${file##*/} in
      ${2-*}) ;;
      *) continue ;;
    esac
    [ -e "$file" ] || [ -L "$file" ] || continue
    text "$folder/${file##*/}"
  done
  set -f
}

# Takes a file as it is, byte by byte.
whole() {
  look "$1" || return 1
  [ -f "$base$REAL" ] || return 1
  case $wholes in
    *"$nl$REAL$nl"*) return 0 ;;
  esac
  if [ -n "$(find "$base$REAL" -size +32767)" ]; then
    leave_out large "$REAL" 'it has more than 16 MiB'
  elif [ -r "$base$REAL" ]; then
    wholes=$wholes$REAL$nl
  else
    leave_out denied "$REAL" 'no permission to read it'
  fi
}

# Takes a folder with all that is in it.
tree() {
  look "$1" || return 1
  [ -d "$base$REAL/" ] || return 1
  case $trees in
    *"$nl$REAL$nl"*) return 0 ;;
  esac
  trees=$trees$REAL$nl
  record T "$REAL"
}

# Tells how much room is on the file system of a folder, and of those above it: of a disk that is mounted here.
room() {
  [ "$is_mounted" = yes ] || return 0
  follow "$1" || REAL=${ABSENT%/*}
  while :; do
    case $roomy in
      *"//$REAL//"*) return 0 ;;
    esac
    roomy=$roomy//$REAL//
    set -- $(within "$most_seconds" stat -f -c "%s$nl%b$nl%a$nl%c$nl%d" "$base$REAL/")
    [ $# -eq 5 ] && record V "$1" "$2" "$3" "$4" "$5" "${REAL:-/}"
    [ -n "$REAL" ] || return 0
    REAL=${REAL%/*}
  done
}

# Runs a command for so many seconds at most. What it prints may be cut then, and the exit code is not 0.
within() {
  limit=$1
  shift
  "$@" 2> /dev/null < /dev/null &
  command=$!
  watch "$limit" "$command" > /dev/null 2>&1 &
  watcher=$!
  wait "$command" 2> /dev/null
  code=$?
  kill "$watcher" 2> /dev/null
  wait "$watcher" 2> /dev/null
  return "$code"
}

# Ends a process after so many seconds, unless it is ended itself before that.
watch() {
  sleeper=
  trap 'kill "$sleeper" 2> /dev/null; exit 0' TERM
  sleep "$1" &
  sleeper=$!
  wait "$sleeper"
  kill -9 "$2"
}

# Prints the records of files, by their paths behind the mark: one `head` reads them all, and its headers, which have the
# mark in them that nobody else knows, tell them apart. It returns 1, and has printed nothing, where a read took too long: a
# `head` that hangs in the kernel, and cannot be ended, is left behind by ending what it writes to. Nothing has a limit that
# waits for who takes the archive, who may be slow.
read_at_once() {
  {
    {
      head -v -c "$most_bytes" "$@" 2>&1 < /dev/null 3>&- 4>&- &
      reader=$!
      watch $((most_seconds + $# / 500)) "$reader" > /dev/null 2>&1 3>&- 4>&- &
      watcher=$!
      wait "$reader"
      code=$?
      kill "$watcher"
      wait "$watcher"
      # Where it was not killed, awk is told so by a line that no file has.
      [ "$code" -gt 128 ] || printf '\n%sdone\n' "$mark"
    } 2> /dev/null | tr '\000\001' '\001\002' 2> /dev/null 3>&- 4>&- &
    letters=$!
    watch $((most_seconds + 2 + $# / 500)) "$letters" > /dev/null 2>&1 3>&- 4>&- &
    watcher=$!
    wait "$letters"
    kill "$watcher"
    wait "$watcher"
  } 2> /dev/null | awk -v mark="$mark" -v most="$most_bytes" -v redact="$redact" -v member="$member" -v now="$now" \
    "$awk_redact$awk_member$awk_texts"
}

# The same, where one of the files may hang: then they are read in smaller and smaller parts, until it is alone.
read_texts() (
  [ $# -gt 0 ] || exit 0
  member=
  if out=$(read_at_once "$@"); then
    printf '%s\n' "$out"
    exit 0
  fi
  if [ $# -eq 1 ]; then
    escape "/${1#"$mark"}"
    printf 'X\tslow\t%s\n' "$E"
    exit 0
  fi
  size=$((($# + 9) / 10))
  while [ $# -gt 0 ]; do
    part=
    count=0
    while [ "$count" -lt "$size" ] && [ $# -gt 0 ]; do
      part=$part$1$nl
      count=$((count + 1))
      shift
    done
    IFS=$nl
    read_texts $part
  done
)

# Secrets are blanked by letters of the same number, so that what they stand in stays what it is.
awk_redact='
function blanked(value) { gsub(/[A-Za-z0-9+\/_.~-]/, "x", value); return value }
# What stands behind `"secret":` and its like, and between `://user:` and `@`.
function inside(line,   out) {
  out = ""
  while (match(line, "\"(secret|password|token)\"[ ]*:[ ]*\"[^\"]*\"|://[^:@/ ]*:[^@/ ]*@")) {
    part = substr(line, RSTART, RLENGTH)
    out = out substr(line, 1, RSTART - 1)
    line = substr(line, RSTART + RLENGTH)
    at = substr(part, 1, 1) == "\"" ? index(part, ":") : 3 + index(substr(part, 4), ":")
    out = out substr(part, 1, at) blanked(substr(part, at + 1))
  }
  return out line
}
# Values of variables and options that are called secrets, but those of the agent, which are names of files or JSON.
function blank(line,   at, name, value) {
  line = inside(line)
  if (!match(toupper(line), /[A-Z0-9_.-]*(SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)[A-Z0-9_.-]*["]?[ ]*[=: ]/)) return line
  name = substr(line, RSTART, RLENGTH)
  if (name ~ /^(MESOS_|LIBPROCESS_|SSL_)/) return line
  value = substr(line, RSTART + RLENGTH)
  if (value ~ /^["\047]?(file:\/\/)?\//) return line
  return substr(line, 1, RSTART + RLENGTH - 1) blanked(value)
}
function escaped(s) {
  if (s ~ /[%\t\n\001\002]/) {
    gsub(/%/, "%25", s)
    gsub(/\t/, "%09", s)
    gsub(one, "%00", s)
    gsub(two, "%01", s)
    gsub(/\n/, "%0A", s)
  }
  return s
}
BEGIN { one = sprintf("%c", 1); two = sprintf("%c", 2) }
'

# A member of the archive, with bytes 1 in place of zeros, which nothing else in it has.
awk_member='
BEGIN {
  for (i = 32; i < 127; i++) code_of[sprintf("%c", i)] = i
}
function zeros(count,   text) {
  while (count-- > 0) text = text one
  return text
}
function put_header(name, size,   fields, sum, i) {
  fields = sprintf("%07o %07o %07o %011o %011o ", 420, 0, 0, size, now)
  # The sum of all bytes of the header: the sum itself counts as blanks, and the type is a 0.
  sum = 8 * 32 + 48
  for (i = 1; i <= length(name); i++) sum += code_of[substr(name, i, 1)]
  for (i = 1; i <= length(fields); i++) sum += code_of[substr(fields, i, 1)]
  printf "%s%s%s%06o%s 0%s", name, zeros(100 - length(name)), fields, sum, one, zeros(355)
}
'

# A NUL comes as the byte 1. Of a process that is no agent, only those variables are taken that the agent gives executors.
awk_texts='
# What is printed is kept until all of it is read.
function put(text) { out[++outs] = text; of[outs] = pid }
function close_file() {
  if (path == "") return
  if (kind == "words") put_words()
  else if (kind == "environ") put_environ()
  else if (started) put("\n")
  if (bytes >= most) put("X\tlarge\t" path "\n")
  path = ""
}
function put_words(   words, count, i, first) {
  count = split(all, words, one)
  first = words[1]
  sub(/^.*\//, "", first)
  if (first ~ /^(lt-)?(mesos|clusterd)-(agent|slave)([-_.]?v?[0-9][A-Za-z0-9_.+~-]*)?$/) {
    agents[pid] = 1
    put("G\t" pid "\n")
  }
  all = ""
  for (i = 1; i <= count; i++) {
    word = redact == "yes" ? blank(words[i]) : words[i]
    all = all escaped(word) (i < count ? "%00" : "")
  }
  put("C\t" path "\t" all "\n")
}
function put_environ(   words, count, i) {
  count = split(all, words, one)
  all = ""
  for (i = 1; i <= count; i++) {
    if (words[i] == "") continue
    if (!(pid in agents) && words[i] !~ /^MESOS_(FRAMEWORK_ID|EXECUTOR_ID|DIRECTORY|SANDBOX|SLAVE_ID|SLAVE_PID|AGENT_ENDPOINT|DOMAIN_SOCKET|CHECKPOINT|RECOVERY_TIMEOUT|CONTAINER_NAME)=/) continue
    word = redact == "yes" ? blank(words[i]) : words[i]
    all = all escaped(word) "%00"
  }
  put("C\t" path "\t" all "\n")
}
function add(line) {
  bytes += length(line) + 1
  if (kind == "words" || kind == "environ") { all = started ? all "\n" line : line }
  else {
    if (kind == "status" && line !~ /^(Name|Uid|Gid|Groups|NSpid):/) return
    if (redact == "yes") line = blank(line)
    put((started ? "%0A" : "") escaped(line))
  }
  started = 1
}
{
  if (substr($0, 1, 4 + length(mark)) == "==> " mark && substr($0, length($0) - 3) == " <==") {
    close_file()
    path = escaped("/" substr($0, 5 + length(mark), length($0) - 8 - length(mark)))
    started = 0
    bytes = -1
    all = ""
    kind = "text"
    if (path ~ /^\/proc\/[0-9]+\/cmdline$/) kind = "words"
    if (path ~ /^\/proc\/[0-9]+\/environ$/) kind = "environ"
    if (path ~ /^\/proc\/[0-9]+\/status$/) kind = "status"
    pid = ""
    if (path ~ /^\/proc\/[0-9]/) {
      pid = substr(path, 7)
      sub(/\/.*/, "", pid)
    }
    if (kind == "text" || kind == "status") put("C\t" path "\t")
    next
  }
  if ($0 == mark "done") { isDone = 1; next }
  at = index($0, "head: ")
  if (at > 0 && index(substr($0, at), mark) > 0) {
    # What head says of a file it says behind what it has read of it.
    said = substr($0, at)
    name = substr(said, index(said, mark) + length(mark))
    why = said
    sub(/^.*: /, "", why)
    sub(/(: |\047).*$/, "", name)
    close_file()
    pid = ""
    if (why ~ /No such/) put("A\t" escaped("/" name) "\n")
    else put("X\t" (why ~ /ermi/ ? "denied" : "failed") "\t" escaped("/" name) "\n")
    next
  }
  if (path != "") add($0)
}
# With `member`, all of it is a member of the archive, and what the script has to know of it goes to descriptor 3.
END {
  close_file()
  if (!isDone) exit 1
  if (member == "") {
    for (i = 1; i <= outs; i++) printf "%s", out[i]
    exit
  }
  for (i = 1; i <= outs; i++) size += length(out[i])
  put_header(member, size)
  for (i = 1; i <= outs; i++) printf "%s", out[i]
  printf "%s", zeros((512 - size % 512) % 512)
  said = "cat >&3"
  for (i = 1; i <= outs; i++) if (of[i] in agents || out[i] ~ /^X\t/) printf "%s", out[i] | said
  print "D" | said
  close(said)
}
'

# The words of texts that may be paths, one a line: `T` where a text is named that the agent's start reads, `D` a folder of
# manifests of modules, `E` one of which all is read, `K` a key or a credential, `M` a folder and what a container calls it, `F` a
# script that is no whole path, `R` a work_dir that is no whole path, `S` any other.
awk_paths='
function base(s) { sub(/^.*\//, "", s); return s }
function value_of(object, key) {
  if (!match(object, "\"" key "\": *\"[^\"]*\"")) return ""
  object = substr(object, RSTART, RLENGTH - 1)
  sub(/^.*"/, "", object)
  return object
}
function kind_of(before, token) {
  if (before ~ /(modules_dir|MODULES_DIR)[= ]["\047]?$/) return "D"
  if (before ~ /(docker_volume_dir|DOCKER_VOLUME_DIR)[= ]["\047]?$/) return "E"
  if (before ~ /(credentials?|CREDENTIALS?|secret_key|SECRET_KEY|SSL_KEY_FILE)[= ]["\047]?(file:\/\/)?$/) return "K"
  if (before ~ /(EnvironmentFile=-?|file:\/\/|PIDFile=|--env-file[= ]|--[a-z_]+=["\047]?|MESOS_[A-Z_]+=["\047]?|SSL_[A-Z_]+=["\047]?)$/) return "T"
  if (before ~ /(^|[ \t;&|(`])(\.|source)[ \t]+[^;|&]*$/) return "T"
  if (before ~ /(^|[ \t;&|(`=\/"\047])(\.|source|exec|cat|(ba|da|k|z)?sh)([ \t]+-[A-Za-z]+)*[ \t]+["\047]?$/) return "T"
  if (before ~ /<[ \t]*["\047]?$/) return "T"
  if (token ~ /^\/etc\/(default|sysconfig|mesos|mesosphere)/ || token ~ /\.(env|sh|conf|json)$/) return "T"
  return "S"
}
{
  file = FILENAME
  sub(/^\.?/, "", file)
  # A file in a folder of flags is the value of the flag that it is named for.
  before = (FNR == 1 && file ~ "^/etc/mesos-(slave|agent)/[^/]*$") ? "--" base(file) "=" : ""
  rest = before $0
  if (match(rest, /(work_dir|WORK_DIR)[= ]["\047]?[A-Za-z0-9_.][^ "\047;]*/)) {
    word = substr(rest, RSTART, RLENGTH)
    sub(/^[^= ]*[= ]["\047]?/, "", word)
    print "R\t" word
  }
  if (match(rest, /(cgroups_root|CGROUPS_ROOT)[= ]["\047]?[^ "\047;]*/)) {
    word = substr(rest, RSTART, RLENGTH)
    sub(/^[^= ]*[= ]["\047]?\/?/, "", word)
    print "G\t" word
  }
  if (match(rest, /docker[^|;&]* start [^|;&]*/)) {
    count = split(substr(rest, RSTART, RLENGTH), words, " ")
    print "N\t" words[count]
  }
  # What is sourced, or run, by a path that counts from where the script is, or is run.
  if (match(rest, /(^|[ \t;&|(`\047"=\/])(\.|source|exec|(ba|da|k|z)?sh)([ \t]+-[A-Za-z]+)*[ \t]+["\047]?[A-Za-z0-9_.-][A-Za-z0-9_.-]*\/?[A-Za-z0-9_.\/-]*/)) {
    word = substr(rest, RSTART, RLENGTH)
    sub(/^.*[ \t]["\047]?/, "", word)
    print "F\t" word
    beside = file
    sub("/[^/]*$", "", beside)
    if (file ~ /\//) print "T\t" beside "/" word
  }
  # Folders of the host and what they are called in a container: `-v HOST:INSIDE`, and what docker keeps of that.
  pairs = $0
  while (match(pairs, /\/[A-Za-z0-9_.@%+,~\/-]*:\/[A-Za-z0-9_.@%+,~\/-]*/)) {
    word = substr(pairs, RSTART, RLENGTH)
    pairs = substr(pairs, RSTART + RLENGTH)
    sub(/:/, "\t", word)
    print "M\t" word
  }
  pairs = $0
  while (match(pairs, /(-v|--volume)[= ]+[A-Za-z0-9][A-Za-z0-9_.-]*:\/[A-Za-z0-9_.@%+,~\/-]*/)) {
    word = substr(pairs, RSTART, RLENGTH)
    pairs = substr(pairs, RSTART + RLENGTH)
    sub(/^[^= ]*[= ]+/, "", word)
    sub(/:/, "\t", word)
    print "M\t" word
  }
  pairs = $0
  while (match(pairs, /\{[^{}]*"Destination"[^{}]*\}/)) {
    word = substr(pairs, RSTART, RLENGTH)
    pairs = substr(pairs, RSTART + RLENGTH)
    source = value_of(word, "Source")
    print "M\t" (source == "" ? value_of(word, "Name") : source) "\t" value_of(word, "Destination")
  }
  before = ""
  while (match(rest, /\/[A-Za-z0-9_.@%+,~][A-Za-z0-9_.@%+,~\/-]*/)) {
    before = before substr(rest, 1, RSTART - 1)
    token = substr(rest, RSTART, RLENGTH)
    rest = substr(rest, RSTART + RLENGTH)
    kind = kind_of(before, token)
    print kind "\t" token
    # A path behind a variable or a `dirname` may be beside the script.
    if (before ~ /[})"A-Za-z_]["]?$/ && file ~ /\//) { beside = file; sub("/[^/]*$", "", beside); print kind "\t" beside token }
    before = before token
  }
  # Units by their names.
  rest = $0
  while (match(rest, /[A-Za-z0-9_.@:-]+\.(service|target|socket|timer|path|slice)/)) {
    print "U\t" substr(rest, RSTART, RLENGTH)
    rest = substr(rest, RSTART + RLENGTH)
  }
}
'

unit_folders='/etc/systemd/system.control
/run/systemd/system.control
/run/systemd/transient
/run/systemd/generator.early
/etc/systemd/system
/etc/systemd/system.attached
/run/systemd/system
/run/systemd/system.attached
/run/systemd/generator
/usr/local/lib/systemd/system
/usr/lib/systemd/system
/lib/systemd/system
/run/systemd/generator.late'

# What is read of every host: files of /proc and of /etc, and the names in folders.
look_at_kernel() {
  for path in stat uptime mounts meminfo cpuinfo filesystems cgroups net/fib_trie net/tcp net/tcp6 driver/nvidia/version \
    sys/kernel/hostname sys/kernel/osrelease sys/kernel/cap_last_cap sys/kernel/random/boot_id \
    sys/net/ipv4/ip_unprivileged_port_start; do
    text "/proc/$path"
  done
  text /sys/devices/system/cpu/online
  list /proc/driver/nvidia/gpus
  list /proc/1/ns
  # It leads to the process that asks; what is told of its namespace tells where the script ran.
  if [ -z "$base" ] && target=$(readlink /proc/self/ns/pid); then record K /proc/self/ns/pid "$target"; else list /proc/self/ns; fi
  for path in /dev/nvidiactl /dev/nvidia-uvm /var/run/docker.sock /run/docker.sock; do look "$path"; done
}

look_at_cgroups() {
  list /sys/fs/cgroup
  for path in cgroup.controllers cgroup.subtree_control; do text "/sys/fs/cgroup/$path"; done
  for path in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do list "$path/system.slice"; done
  for name in freezer cpu cpuacct cpuset memory devices blkio hugetlb net_cls net_prio perf_event pids; do
    list "/sys/fs/cgroup/$name"
  done
  for path in $(awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' "${base}/proc/mounts" $agent_mounts 2> /dev/null | sort -u); do
    list "$path"
    for name in mesos $cgroup_roots; do list "$path/$name"; done
  done
}

look_at_etc() {
  for path in hostname hosts passwd group nsswitch.conf machine-id ld.so.conf docker/daemon.json; do text "/etc/$path"; done
  texts_in /etc/ld.so.conf.d '*.conf'
  whole /etc/ld.so.cache
  for path in /etc/tmpfiles.d /run/tmpfiles.d /usr/lib/tmpfiles.d; do texts_in "$path"; done
  look /sbin/init
  for path in /bin /sbin /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin /opt/bin /opt/mesosphere/bin \
    /lib /lib64 /usr/lib /usr/lib64 /usr/local/lib /usr/local/nvidia/lib64 /opt/mesosphere/active/mesos/lib \
    /opt/mesosphere/lib /opt/mesos/lib /var/log/mesos /var/lib/rpm /usr/lib/sysimage/rpm /etc/rc2.d /etc/rc3.d /etc/rc5.d \
    /etc/rc.d/rc2.d /etc/rc.d/rc3.d /etc/rc.d/rc5.d /tmp /run /var/lib; do
    list "$path"
  done
  set +f
  for path in "$base"/lib/*-linux-gnu* "$base"/usr/lib/*-linux-gnu*; do
    set -f
    [ -d "$path" ] && list "${path#"$base"}"
  done
  set -f
  for path in /etc/init.d /service /var/service /etc/service; do look "$path"; done
  for name in mesos-agent mesos-slave mesos/mesos-agent mesos/mesos-slave; do
    text "/run/$name.pid"
    text "/var/run/$name.pid"
  done
}

# Of the database of dpkg, what it says of mesos.
look_at_packages() {
  look /var/lib/dpkg/status || return 0
  said=$(awk 'BEGIN { RS = "" } /^Package: mesos(\n|$)/ || /\nPackage: mesos(\n|$)/ { print $0 "\n" }' "$base$REAL" 2> /dev/null) ||
    { leave_out failed "$REAL" 'it cannot be read'; return 0; }
  record C "$REAL" "$said$nl"
}

look_at_units() {
  others=$texts
  texts=
  for path in $unit_folders; do
    texts_in "$path" && follow "$path" || continue
    of_units=$REAL
    set +f
    for beside in "$base$of_units"/*; do
      set -f
      [ -d "$beside" ] && texts_in "$of_units/${beside##*/}"
    done
    set -f
  done
  unit_texts=$texts
  texts=$others$texts
}

# Prints those of some files, one a line, that name the agent or one of its units; what may not be read may.
naming_agent() {
  (cd "$base/" && sed 's/^/./' | sort -u | tr '\n' '\000' | xargs -0 sh -c '
    pattern=$1
    shift
    [ $# -eq 0 ] || grep -lE "$pattern" "$@" 2> /dev/null
    for file do [ -r "$file" ] || printf "%s\n" "$file"; done' sh "mesos|clusterd$unit_stems" | sed 's/^\.//')
}

# Files of which those are taken that name the agent, or its unit: what starts it where systemd does not, or at a boot.
look_at_starters() {
  candidates=
  set +f
  for file in "$base"/etc/init/* "$base"/etc/init.d/* "$base"/etc/rc.d/init.d/* "$base"/etc/rc.local "$base"/etc/rc.d/rc.local \
    "$base"/etc/crontab "$base"/etc/inittab "$base"/etc/cron.d/* "$base"/var/spool/cron/* "$base"/var/spool/cron/crontabs/* \
    "$base"/etc/local.d/* "$base"/etc/boot.d/* "$base"/etc/supervisor/* "$base"/etc/supervisor/conf.d/* \
    "$base"/etc/supervisord.d/* "$base"/etc/supervisor.d/* "$base"/etc/*.conf "$base"/etc/*.ini; do
    set -f
    look "${file#"$base"}" && [ -f "$base$REAL" ] && candidates=$candidates$REAL$nl
  done
  set -f
  for file in $(printf '%s' "$candidates" | naming_agent); do
    text "$file" && sources=$sources$REAL$nl
  done
  set -f
  for path in /etc/init /etc/init.d /etc/rc.d/init.d /etc/cron.d /var/spool/cron /var/spool/cron/crontabs /etc/local.d \
    /etc/boot.d /etc /etc/supervisor /etc/supervisor/conf.d /etc/supervisord.d /etc/supervisor.d; do
    list "$path"
  done
  for path in /etc/service /service /var/service /etc/runit/runsvdir/default /run/service /etc/sv; do
    list "$path" || continue
    folder=$REAL
    set +f
    for service in "$base$folder"/*; do
      set -f
      service=$path/${service##*/}
      list "$service" || continue
      for name in run finish down; do
        text "$service/$name" && sources=$sources$REAL$nl
      done
    done
    set -f
  done
}

# Units that name the agent, or are named for it.
find_agent_units() {
  for file in $(printf "%s" "$unit_texts" | naming_agent) $(printf "%s" "$unit_texts" | grep "/[^/]*mesos[^/]*\$"); do
    sources=$sources$file$nl
    stem=${file##*/}
    case $file in
      *mesos*) ;;
      *.service)
        stem=${stem%.service}
        case $stem in *[!A-Za-z0-9_-]*) ;; *) unit_stems="$unit_stems|$stem" ;; esac
        ;;
    esac
  done
}

# Files that the packages' own script reads, and that a unit of DC/OS does.
look_at_installed() {
  for path in /usr/bin/mesos-init-wrapper /etc/default/mesos /etc/default/mesos-slave /etc/default/mesos-agent /etc/mesos/zk \
    /opt/mesosphere/environment /opt/mesosphere/etc/mesos-slave-common /opt/mesosphere/etc/mesos-slave \
    /opt/mesosphere/etc/proxy.env /opt/mesosphere/etc/mesos-slave-common-extras /var/lib/dcos/mesos-slave-common \
    /var/lib/dcos/mesos-resources /run/dcos/etc/mesos-slave /etc/mesosphere/mesos/agent.env; do
    text "$path" && sources=$sources$REAL$nl
  done
  for path in /etc/mesos-slave /etc/mesos-agent; do
    texts_in "$path" && follow "$path" || continue
    folder=$REAL
    set +f
    for file in "$base$folder"/*; do
      set -f
      [ -f "$file" ] && sources=$sources$folder/${file##*/}$nl
    done
    set -f
    texts_in "$path/attributes"
    texts_in "$path/resources"
  done
  for path in /usr/sbin/mesos-agent /usr/sbin/mesos-slave /usr/bin/mesos-agent /usr/bin/mesos-slave; do program "$path"; done
}

# A program or a script: of a script its text is taken, of the agent what the loader looks at.
program() {
  look "$1" && [ -f "$base$REAL" ] && [ -r "$base$REAL" ] || return 0
  first=
  IFS= read -r first < "$base$REAL" 2> /dev/null
  case $first in
    '#!'*)
      texts=$texts$REAL$nl
      sources=$sources$REAL$nl
      ;;
    *) case ${1##*/} in
      *mesos-agent* | *mesos-slave* | *clusterd-agent* | *clusterd-slave*)
        whole "$1"
        list "${1%/*}/../lib"
        ;;
      *.so | *.so.*) whole "$1" ;;
      # It is no script: nothing in it is followed.
      *) record B "$REAL" ;;
    esac ;;
  esac
}

# Follows the texts of what starts the agent to what they name, and those to what they name, as far as preflight does.
follow_sources() {
  rounds=0
  while [ "$rounds" -lt 8 ]; do
    rounds=$((rounds + 1))
    new=
    for file in $sources; do
      case $read_already in *"$nl$file$nl"*) continue ;; esac
      read_already=$read_already$file$nl
      case $file in
        *.service)
          # Drop-ins of a unit need not name the agent.
          for folder in $unit_folders; do
            follow "$folder/${file##*/}.d" && [ -d "$base$REAL/" ] || continue
            dropped=$REAL
            set +f
            for each in "$base$dropped"/*; do
              set -f
              [ -f "$each" ] && sources=$sources$dropped/${each##*/}$nl
            done
            set -f
          done
          ;;
      esac
      [ -f "$base$file" ] && [ -r "$base$file" ] && new=$new.$file$nl
    done
    words=$words_of_processes
    words_of_processes=
    [ -n "$new" ] && words=$words$nl$(cd "$base/" && printf '%s' "$new" | tr '\n' '\000' | xargs -0 awk "$awk_paths" 2> /dev/null)
    [ -n "$words" ] || return 0
    for word in $(printf '%s\n' "$words" | sort -u); do
      value=${word#*"$tab"}
      case $word in
        M"$tab"*) mapped=$mapped$value$nl ;;
        F"$tab"*) beside=$beside$value$nl ;;
        R"$tab"*) relative="$relative$value$nl" ;;
        G"$tab"*) cgroup_roots=$cgroup_roots$value$nl ;;
        N"$tab"*) containers="$containers$value$nl" ;;
        U"$tab"*)
          for folder in $unit_folders; do
            follow "$folder/$value" && [ -f "$base$REAL" ] && sources=$sources$REAL$nl
          done
          ;;
        *)
          all_words=$all_words$word$nl
          take_word "${word%%"$tab"*}" "$value"
          ;;
      esac
    done
  done
}

# Takes what words name that are paths in a container, where a folder of the host is there; and scripts that are named by a
# path from the folder that they are run in.
take_mapped() {
  [ -n "$mapped$beside" ] || return 0
  for pair in $(printf '%s' "$mapped" | sort -u); do
    inside=${pair#*"$tab"}
    inside=${inside%/}
    outside=${pair%%"$tab"*}
    # One that has a name is a volume of docker's own.
    case $outside in
      /*) ;;
      *) outside=${data:-/var/lib/docker}/volumes/$outside/_data ;;
    esac
    take_word S "$outside"
    for word in $(printf '%s' "$all_words" | sort -u); do
      case ${word#*"$tab"} in
        "$inside"/*)
          below=${word#*"$tab"}
          take_word "${word%%"$tab"*}" "$outside${below#"$inside"}"
          ;;
      esac
    done
  done
  for name in $(printf '%s' "$beside" | sort -u); do
    for path in $(printf '%s' "$folders" | sort -u); do
      follow "$path/$name" && [ -f "$base$REAL" ] && take_word T "$path/$name"
    done
  done
}

# Takes what a word names, where that is there.
take_word() {
  case $named in
    *"//$1$2//"*) return 0 ;;
  esac
  named=$named//$1$2//
  case $2 in
    # It is in memory, and else a folder like others.
    /dev/shm/*) ;;
    /proc/* | /dev/* | /sys/*)
      look "$2"
      return 0
      ;;
  esac
  look "${2%/}" || return 0
  found=$REAL
  if [ -d "$base$found/" ]; then
    folders=$folders${2%/}$nl
    case $1 in
      D)
        texts_in "$2"
        set +f
        for file in "$base$found"/*; do
          set -f
          [ -f "$file" ] && sources=$sources$found/${file##*/}$nl
        done
        set -f
        ;;
      E)
        list "$2"
        tree "$2"
        ;;
      *) list "$2" ;;
    esac
  elif [ -f "$base$found" ]; then
    case $1 in
      K) if [ "$redact" = yes ]; then leave_out redacted "$found" 'it may hold a secret'; else text "$2"; fi ;;
      T | D) if is_text "$base$found"; then text "$2"; sources=$sources$found$nl; else program "$2"; fi ;;
      *) program "$2" ;;
    esac
  fi
}

# Whether a file has no NUL in its beginning, and is of a size that a script or a file of flags has.
is_text() {
  [ -r "$1" ] || return 0
  [ -n "$(find "$1" -size -2049)" ] || return 1
  [ "$(head -c 512 "$1" 2> /dev/null | tr -d '\000' | wc -c)" -eq "$(head -c 512 "$1" 2> /dev/null | wc -c)" ]
}

# Containers of docker that an agent is in, or that a unit starts by their names.
look_at_containers() {
  data=$(sed -n 's/.*"\(data-root\|graph\)"[[:space:]]*:[[:space:]]*"\(\/[^"]*\)".*/\2/p' "$base/etc/docker/daemon.json" 2> /dev/null)
  data=${data:-/var/lib/docker}
  list "$data/containers" || return 0
  folder=$REAL
  set +f
  for file in "$base$folder"/*/config.v2.json; do
    set -f
    id=${file%/*}
    id=${id##*/}
    wanted=no
    case $agent_groups in *"$id"*) wanted=yes ;; esac
    for name in $containers; do
      case $name in *[!A-Za-z0-9_.-]*) continue ;; esac
      case $id in "$name"*) wanted=yes ;; esac
      grep -q "\"Name\":[[:space:]]*\"/$name\"" "$file" 2> /dev/null && wanted=yes
    done
    [ "$wanted" = yes ] || continue
    for name in config.v2.json hostconfig.json; do
      text "$folder/$id/$name" && sources=$sources$REAL$nl
    done
  done
  set -f
}

# A folder that has a checkpoint: that, which sandboxes and volumes are there, and other state of the agent.
take_work_dir() {
  follow "$1" || return 0
  work=$REAL
  case $works in *"$nl$work$nl"*) return 0 ;; esac
  follow "$work/meta" || return 0
  [ -d "$base$REAL/" ] || return 0
  works=$works$work$nl
  record W "$1"
  list "$work"
  tree "$work/meta"
  sandboxes=$sandboxes$work/slaves$nl
  list "$work/slaves"
  for name in csi isolators; do tree "$work/$name"; done
  list "$work/provisioner"
  follow "$work/provisioner/containers" && provisioners=$provisioners$REAL$nl
  look "$work/provisioner/containers"
  list "$work/volumes"
  volumes=$volumes$work/volumes$nl
  # A start may delete them: preflight counts what is in them.
  [ ! -d "$base$work/volumes/" ] || waiting=$waiting$work/volumes$nl
  find_waiting
  room "$1"
}

# Sandboxes that wait to be deleted, of whose files the sizes are asked: those of other agents, of runs that are over, and of
# executors that have a later run.
find_waiting() {
  latest=$(readlink "$base$work/meta/slaves/latest")
  latest=${latest##*/}
  set +f
  for agent in "$base$work"/slaves/*; do
    set -f
    [ -d "$agent" ] && ! [ -L "$agent" ] || continue
    agent=${agent##*/}
    if [ "$agent" != "$latest" ]; then
      waiting=$waiting$work/slaves/$agent$nl
      continue
    fi
    runs=$(runs_of "$agent")
    waits=$({
      printf '%s\n' "$runs" | recorded=$mark${work#/}/meta/slaves/ awk '
        /^R/ { sub("/[^/]*$", "/latest"); if (!($0 in asked)) print ENVIRON["recorded"] substr($0, 2); asked[$0] = 1 }' |
        (cd "$base/" && links_at)
      printf '%s\n' "$runs"
    } | recorded=$work/meta/slaves/ sandboxes=$work/slaves/ awk '
      function escaped(s) { gsub(/%/, "%25", s); gsub(/\t/, "%09", s); return s }
      function name_of(path) { sub(/^.*\//, "", path); return path }
      function folder_of(path) { sub("/[^/]*$", "", path); return path }
      /^K/ { split($0, field, "\t"); latest[folder_of(field[2])] = name_of(field[3]); next }
      /^R/ {
        run = escaped(ENVIRON["recorded"] substr($0, 2))
        if (latest[folder_of(run)] == name_of(run)) next
      }
      /^[RW]/ { print ENVIRON["sandboxes"] substr($0, 2) }')
    [ -z "$waits" ] || waiting=$waiting$waits$nl
  done
  set -f
}

# Prints the runs of an agent that have a sandbox: behind R where they are recorded and not over, so that they wait only where
# the executor has another one by now; behind W where they wait.
runs_of() (
  set +f
  for run in "$base$work/slaves/$1"/frameworks/*/executors/*/runs/*; do
    case $run in
      */latest | *"$nl"*) continue ;;
    esac
    below=${run#"$base$work"/slaves/}
    recorded=$base$work/meta/slaves/$below
    if [ -d "$recorded" ] && ! [ -e "$recorded/executor.sentinel" ]; then
      printf 'R%s\n' "$below"
    elif [ -d "$run" ] || [ -L "$run" ]; then
      printf 'W%s\n' "$below"
    fi
  done
)

# A folder that may be a runtime_dir.
take_runtime_dir() {
  list "$1" || return 0
  for name in containers isolators; do tree "$1/$name"; done
  room "$1"
}

# The newest log of the agent in a folder, as far as it says that the agent was started.
take_log() {
  follow "$1" && [ -d "$base$REAL/" ] || return 0
  folder=$REAL
  for name in $(cd "$base$folder/" && ls -1t 2> /dev/null | grep -E '^(lt-)?mesos-(agent|slave)([^A-Za-z0-9_]|$)' | head -n 3); do
    look "$folder/$name" && [ -f "$base$REAL" ] && [ -r "$base$REAL" ] || continue
    said=$(tail -c "$most_bytes" "$base$REAL" 2> /dev/null | grep -a 'Mesos agent started on' | tail -n 20 | tr -d '\000')
    record C "$REAL" "$said$nl"
  done
}

# The processes: of each what tells who it is, and where its working folder is. Their records are members of their own, because
# they are many. Sets `agents`, by their pids.
look_at_processes() {
  agents= agent_groups= agent_mounts= words_of_processes=
  pids=
  set +f
  for folder in "$base"/proc/[1-9]*; do
    case ${folder##*/} in *[!0-9]*) continue ;; esac
    pids=$pids${folder##*/}$nl
  done
  set -f
  # What has a number is told below; so it need not be looked at for that alone.
  look /proc/1
  if look /proc; then
    listed_without_numbers=$REAL$nl
    record L /proc
  fi
  count=0
  while :; do
    some=$(printf '%s' "$pids" | awk -v from="$count" 'NR > from && NR <= from + 4000')
    [ -n "$some" ] || break
    put_processes
    count=$((count + 4000))
  done
}

# Puts some processes, and looks at the agents among them.
put_processes() {
  part=$(printf '%s\n' "$some" | awk -v mark="$mark" '{
    for (i = split("stat cmdline cgroup environ", name, " "); i > 0; i--) files[i] = name[i]
    for (i = 1; i in files; i++) print mark "proc/" $0 "/" files[i] }')
  folders_of_processes=$(cd "$base/" && printf '%s\n' "$some" | sed "s:.*:${mark}proc/&/cwd:" | links_at)
  members=$((members + 1))
  member=mesos-ckpt.collect.$members
  # Of thousands of processes the shell keeps the agents alone: the others go straight into the archive.
  processes=$(cd "$base/" && { read_at_once $part | tr '\001' '\000' >&4; } 3>&1)
  case $nl$processes in
    *"${nl}D")
      processes=${processes%D}
      contents=$processes
      ;;
    *)
      processes=$(cd "$base/" && read_texts $part)
      contents=$processes
      folders_of_processes=$processes$nl$folders_of_processes
      ;;
  esac
  say_left_out
  put_records "$folders_of_processes"
  case $nl$processes in
    *"${nl}G$tab"*) ;;
    *) return 0 ;;
  esac
  these=$(printf '%s\n' "$processes" | sed -n "s/^G$tab//p")
  agents=$agents$these$nl
  look_at_agents
}

# Puts records into the archive, in a member behind those that are there.
put_records() {
  members=$((members + 1))
  put_member "mesos-ckpt.collect.$members" "$1$nl"
}

# Prints the targets of links, by their paths behind the mark, which tells where one begins.
links_at() {
  tr '\n' '\000' | xargs -0 ls -ldn 2> /dev/null | awk -v mark="$mark" '
    function escaped(s) { gsub(/%/, "%25", s); gsub(/\t/, "%09", s); return s }
    {
      at = index($0, " " mark)
      if (at > 0 && (substr($0, 1, 1) == "l" || substr($0, 1, 1) == "-")) {
        rest = substr($0, at + 1 + length(mark))
        to = index(rest, " -> ")
        if (open) printf "\n"
        open = to > 0
        if (open) printf "K\t%s\t%s", escaped("/" substr(rest, 1, to - 1)), escaped(substr(rest, to + 4))
      } else if (open) printf "%%0A%s", escaped($0)
    }
    END { if (open) printf "\n" }'
}

# What only agents are asked: which libraries they have loaded, what is mounted for them, and what they were given.
look_at_agents() {
  for pid in $these; do
    for name in maps mounts status; do text "/proc/$pid/$name"; done
    agent_mounts=$agent_mounts$base/proc/$pid/mounts$nl
    agent_groups=$agent_groups$(printf '%s\n' "$processes" | sed -n "s:^C$tab/proc/$pid/cgroup$tab::p")$nl
    cwd=$(printf '%s\n' "$folders_of_processes" | sed -n "s:^K$tab/proc/$pid/cwd$tab::p")
    [ -z "$cwd" ] || folders=$folders$cwd$nl
    words_of_processes=$words_of_processes$(printf '%s\n' "$processes" |
      awk -F '\t' -v pid="/proc/$pid/" '
        $1 == "C" && ($2 == pid "cmdline" || $2 == pid "environ") { gsub(/%00/, "\n", $3); print $3 }' |
      awk "$awk_paths")$nl
    program "$(printf '%s\n' "$processes" | sed -n "s:^C$tab/proc/$pid/cmdline$tab::p" | sed 's/%00.*//')"
  done
}

# A name may hold anything but two slashes, with which each of these ends.
form='%f %u %g %s %Y %n//'
# Kinds, owners, sizes and times; then where links lead; then which folders have no names but those that were told: those
# that were listed, and those below which all is looked at, or all to a depth.
awk_stats='
function escaped(s) {
  if (s ~ /[%\t\n]/) {
    gsub(/%/, "%25", s)
    gsub(/\t/, "%09", s)
    gsub(/\n/, "%0A", s)
  }
  return s
}
# Whether a path is in one of some folders, or is one: how deep it is there, and -1 where it is not.
function depth_in(path, folders,   rest, at) {
  at = path
  while (!(at in folders)) if (!sub("/[^/]*$", "", at) || at == "") return -1
  rest = substr(path, length(at) + 1)
  return gsub(/\//, "/", rest)
}
function is_whole(path,   depth) {
  if (depth_in(path, deep) >= 0 || (is_waiting && depth_in(path, waiting) >= 0)) return 1
  depth = depth_in(path, sandboxes)
  if (depth >= 0) return depth < 7
  depth = depth_in(path, volumes)
  if (depth >= 0) return depth < 3
  return depth_in(path, provisioners) >= 0 && path !~ "/rootfses/[^/]*$"
}
# What the script says of folders, by a mark that no line of stat begins with.
all == "" && /^\/\// {
  kind = substr($0, 3, 1)
  name = escaped(substr($0, 5))
  if (kind == "L") lists[++listed] = name
  else if (kind == "D") deep[name] = 1
  else if (kind == "S") sandboxes[name] = 1
  else if (kind == "V") volumes[name] = 1
  else if (kind == "P") provisioners[name] = 1
  else if (kind == "W") waiting[name] = 1
  else if (kind == "A") is_waiting = 1
  next
}
all == "" && /^(find|stat): / {
  # A folder may not have been listed as a whole: which one it is, is not sure by its name.
  if ($0 !~ /No such file or directory$/) failed = 1
  next
}
{
  all = all == "" ? $0 : all "\n" $0
  if (substr(all, length(all) - 1) != "//") next
  split(all, field, " ")
  name = all
  sub(/^[^ ]* [^ ]* [^ ]* [^ ]* [^ ]* \.?/, "", name)
  name = substr(name, 1, length(name) - 2)
  if (name == "") name = "/"
  all = ""
  if (name in done) next
  done[name] = 1
  name = escaped(name)
  printf "S\t%s\t%s\t%s\t%s\t%s\t%s\n", field[1], field[2], field[3], field[4], field[5], name
  if (field[1] ~ /^a/ && name !~ /%/) links[++linked] = name
  if (field[1] ~ /^4/) folders[++listable] = name
}
END {
  # What others print comes behind what is printed here.
  system("")
  for (i = 1; i <= linked; i++) print "." links[i] | ENVIRON["put_links"]
  if (linked > 0) close(ENVIRON["put_links"])
  if (failed && is_root == "yes") {
    print "collect: a folder could not be listed: what is missing in any is not known" | "cat >&2"
    exit
  }
  # Where a folder could not be listed, each is looked at.
  lister = failed ? ENVIRON["put_readable"] : "cat"
  for (i = 1; i <= listed; i++) print "L\t" lists[i] | lister
  for (i = 1; i <= listable; i++) if (is_whole(folders[i])) print "L\t" folders[i] | lister
  close(lister)
}'
# Prints where links lead, whose names come one a line; a record is one line.
put_links='tr "\\n" "\\000" | xargs -0 sh -c '\''
  nl=$1
  tab=$2
  shift 2
  [ $# -gt 0 ] || exit 0
  if find . -maxdepth 0 -printf "" 2> /dev/null; then
    find "$@" -maxdepth 0 ! -lname "*[%$tab$nl]*" -printf "K\\t%p\\t%l\\n" 2> /dev/null
    exit
  fi
  for link do
    target=$(readlink "$link") && case $target in
      *[%"$tab$nl"]*) ;;
      *) printf "K\\t%s\\t%s\\n" "$link" "$target" ;;
    esac
  done'\'' sh "$nl" "$tab" | sed "s/^K$tab\\./K$tab/"'
# Passes on those of lists whose folders may be read.
put_readable='while IFS= read -r line; do
  path=${line#L"$tab"}
  case $path in *%*) continue ;; esac
  if [ -r "$base$path/" ] && [ -x "$base$path/" ]; then printf "%s\\n" "$line"; else printf "X\\tdenied\\t%s\\n" "$path"; fi
done'

# Runs `stat` on what `find` finds in folders, whose names are lines, with options.
stat_below() {
  [ -n "$1" ] || return 0
  printf '%s' "$1" | sort -u | sed 's/^/./; s/^\.$/.\//' | tr '\n' '\000' | xargs -0 sh -c '
    form=$1
    options=$2
    shift 2
    set -f
    find "$@" $options -exec stat -c "$form" {} + 2>&1' sh "$form" "$2"
}

# Prints folders, which are lines, behind a mark and a letter.
say_folders() {
  for folder in $2; do printf '//%s %s\n' "$1" "$folder"; done
}

# Prints what is known of all that was looked at, and of what is in folders, as stat says it, behind lines for the awk above.
put_stats() {
  cd "$base/" || return 1
  say_folders L "$(printf '%s' "$lists" | sort -u | sed 's:^$:/:')"
  say_folders D "$deep"
  say_folders S "$sandboxes"
  say_folders V "$volumes"
  say_folders P "$provisioners"
  say_folders W "$waiting"
  printf '%s%s%s' "$seen" "$lists" "$deep" | awk '
    { at = $0; while (at != "") { print "." at; sub("/[^/]*$", "", at) } }
    END { print "./" }' | sort -u | tr '\n' '\000' | xargs -0 stat -c "$form" 2> /dev/null
  stat_below "$lists" '-maxdepth 1'
  # The process that looks is no part of the host, and /proc/self leads to it.
  stat_below "$listed_without_numbers" '-maxdepth 1 ! -name [0-9]* ! -name self ! -name thread-self'
  stat_below "$deep" ''
  # Sandboxes to their own folders: agents, frameworks, executors, runs. What is in them is the tasks'.
  stat_below "$sandboxes" '-maxdepth 7'
  stat_below "$volumes" '-maxdepth 3'
  # Root file systems of containers to their own folders.
  stat_below "$provisioners" '-path */rootfses/*/* -prune -o'
  # Files of sandboxes that wait, where they are no more than preflight counts.
  stat_below "$waiting" '' | awk '
    NR > 50000 { exit }
    { line[NR] = $0 }
    END { if (NR > 0 && NR <= 50000) { print "//A"; for (i = 1; i <= NR; i++) print line[i] } }'
}

# Puts lines into as many members of the archive as they take.
put_in_members() {
  awk -v now="$now" -v members="$members" "$awk_member"'
    BEGIN { one = sprintf("%c", 1) }
    function flush(   i) {
      put_header("mesos-ckpt.collect." (++members), bytes)
      for (i = 1; i <= count; i++) print line[i]
      printf "%s", zeros((512 - bytes % 512) % 512)
      count = bytes = 0
    }
    $0 == "" { next }
    {
      if (index($0, one) > 0) gsub(one, "%01")
      line[++count] = $0
      bytes += length($0) + 1
      if (bytes > 1048576) flush()
    }
    END { flush() }' | tr '\001' '\000'
}

# Prints a member of the archive that is a text.
put_member() {
  size=${#2}
  fields=$(printf '%07o %07o %07o %011o %011o ' 420 0 0 "$size" "$now")x
  fields=${fields%x}
  # The sum of all bytes of the header: the sum itself counts as blanks, and the type is a 0.
  sum=$(printf '%s%s' "$1" "$fields" | od -An -v -tu1 |
    awk '{ for (i = 1; i <= NF; i++) sum += $i } END { print sum + 8 * 32 + 48 }')
  printf '%s' "$1"
  zeros $((100 - ${#1}))
  printf '%s%06o\000 0' "$fields" "$sum"
  zeros 355
  printf '%s' "$2"
  zeros $(((512 - size % 512) % 512))
}

zeros() {
  [ "$1" -eq 0 ] || printf "%0${1}d" 0 | tr 0 '\000'
}

# Prints to descriptor 3 what is taken as it is, with the zeros that end an archive. Sets `complaints`: what tar said.
put_trees() {
  complaints=
  taken=$(printf '%s%s' "${wholes#"$nl"}" "${trees#"$nl"}" | sort -u)
  [ -n "$taken" ] || return 0
  complaints=$(
    cd "$base/" || exit 1
    set --
    for path in $taken; do set -- "$@" ".$path"; done
    tar -cf - "$@" 2>&1 >&3 3>&- < /dev/null || echo "exit $?"
  )
}

# Ends all of this where it has taken too long, and all that it has started, which may be what hangs.
watch_all() {
  # The processes are listed by a pattern.
  set +f
  sleeper=
  trap 'kill "$sleeper" 2> /dev/null; exit 0' TERM
  sleep "$most_seconds_in_all" &
  sleeper=$!
  wait "$sleeper"
  # This is asked out here: in another substitution it would be that one, and this would be ended before what hangs.
  own=$(exec sh -c 'echo "$PPID"')
  # The shell looks at its signals when what it waits for has ended.
  kill -ALRM "$1"
  for again in 1 2 3 4 5; do
    kill -9 $(started_by "$1" "$own" | sed -n 's/^last //p')
    sleep 1 &
    sleeper=$!
    wait "$sleeper"
  done
  kill -9 $(started_by "$1" "$own" | sed 's/.* //') "$1"
}

# Prints the processes that a process has started, and those that they have; but not one, and its own. Those are the `last` that
# have started none: where one of them hangs, a shell that waits for it can go on when it is gone, and tell the end. The name of a
# process is anybody's, and may look like the rest of its line.
started_by() {
  grep -s -H '' /proc/[1-9]*/stat | awk -v top="$1" -v but="$2" '
    { text[substr($0, 7, index($0, "/stat:") - 7)] = text[substr($0, 7, index($0, "/stat:") - 7)] substr($0, index($0, ":") + 1) " " }
    END {
      for (pid in text) {
        sub(/^.*\) [^ ]* /, "", text[pid])
        parent[pid] = text[pid] + 0
        waits[parent[pid]] = 1
      }
      for (pid in parent) {
        steps = 0
        for (at = pid; at in parent && at != top && at != but && ++steps < 64; at = parent[at]);
        if (at == top && pid != top) print (pid in waits ? "waits" : "last"), pid
      }
    }'
}

find_work_dirs() {
  for path in $work_dir $(printf '%s' "$folders" | sort -u); do
    take_work_dir "$path"
    for name in $(printf '%s' "$relative" | sort -u); do take_work_dir "$path/$name"; done
    follow "$path" || continue
    [ -d "$base$REAL/containers" ] && take_runtime_dir "$path"
    whole "$path/storedImages"
    room "$path"
    take_log "$path"
  done
  for path in /var/lib/mesos/slave /var/lib/mesos /tmp/mesos; do
    look "$path/meta"
    take_work_dir "$path"
  done
  for path in /var/run/mesos /run/mesos /tmp/mesos/runtime; do take_runtime_dir "$path"; done
  for path in /tmp/mesos/store/docker /tmp/mesos/fetch; do look "$path"; done
  whole /tmp/mesos/store/docker/storedImages
  take_log /var/log/mesos
  room /
}

read_in_parts() {
  while [ $# -gt 0 ]; do
    part=
    count=0
    while [ "$count" -lt 500 ] && [ $# -gt 0 ]; do
      part=$part$mark${1#/}$nl
      count=$((count + 1))
      shift
    done
    read_texts $part
  done
}

# What is said of files that could not be read, of which there mostly are none.
say_left_out() {
  case $nl$contents in
    *"${nl}X$tab"*) ;;
    *) return 0 ;;
  esac
  printf '%s\n' "$contents" | awk -F '\t' '
    $1 != "X" { next }
    $2 == "slow" { printf "collect: left out %s: reading it took too long\n", $3; next }
    $2 == "denied" { if (++denied <= 5) printf "collect: left out %s: no permission\n", $3; next }
    { printf "collect: left out %s: it cannot be read whole\n", $3 }
    END { if (denied > 5) printf "collect: left out %d more: no permission\n", denied - 5 }' | tr -c ' -~\n' '?' >&2
}

# All records, then what is taken as it is, then what tar said of that.
put_all() {
  # Which pids processes have in their own containers is asked where an agent is in one.
  if printf '%s' "$agent_groups" | grep -qE '(docker|libpod|containerd|kubepods)[^/]*[-/][0-9a-f]{12,64}'; then
    for pid in $pids; do texts=$texts/proc/$pid/status$nl; done
  fi
  contents=$(cd "$base/" && read_in_parts $(printf '%s' "$texts" | sort -u))
  say_left_out
  {
    printf '%s\n' "$records"
    put_stats < /dev/null | (
      cd "$base/" && export base nl tab put_links put_readable && exec awk -v is_root="$is_root" "$awk_stats"
    )
    printf '%s\n' "$contents"
  } | put_in_members
  put_trees 3>&1
  [ -z "$complaints" ] ||
    printf '%s\n' "$complaints" | grep -v '^exit ' | head -n 20 | tr -c ' -~\n' '?' | sed 's/^/collect: /' >&2
  put_member mesos-ckpt.collect.end "mesos-ckpt collect 1
$(printf '%s' "$complaints" | head -c 262144)
"
  # Where the disk of the archive is full, its end is what is missing.
  zeros 1024 2> /dev/null || { say 'the archive cannot be written: it is not whole'; exit 1; }
  [ "$redact" = no ] || [ "$works" = "$nl" ] ||
    say 'the records of the checkpoint are not blanked, with the environment of tasks: mesos-ckpt snapshot --redact blanks them'
  if [ "$works" = "$nl" ]; then
    say 'no checkpoint was found: --work-dir names the work_dir'
    # Of other services, too, all files are taken.
    [ -n "$agents$(printf '%s' "$sources" | naming_agent)" ] || { say 'nor was an agent: is ROOT right?'; exit 1; }
  fi
}

collect() {
  set -f
  IFS=$nl
  watch_all $$ > /dev/null 2>&1 &
  over_all=$!
  trap 'kill "$over_all" 2> /dev/null' EXIT
  trap 'say "stopped by a signal: the archive is not whole"; exit 143' HUP INT TERM
  trap 'say "stopped after $((most_seconds_in_all / 60)) minutes: the archive is not whole"; exit 1' ALRM
  is_root=yes
  [ "$(id -u)" = 0 ] || is_root=no
  [ "$is_root" = yes ] || say 'this is not root, which alone sees all of a host'
  # A spelling of the way from a folder to itself that nobody on the host can know.
  mark=./$(od -An -v -N8 -tx1 /dev/urandom 2> /dev/null | tr -d ' \n' | sed 's:[0-7]:/:g; s:[89a-f]:./:g')./
  records= seen= lists= deep= texts= wholes=$nl trees=$nl followed= named= roomy= folders= relative=
  mapped= beside= all_words= data=
  works=$nl listed_without_numbers= sandboxes= waiting= volumes= provisioners= sources= read_already=$nl unit_stems= containers= cgroup_roots=
  is_mounted=no
  if [ -z "$base" ] || [ "$(stat -c %d "$base/" 2> /dev/null)" != "$(stat -c %d "$base/.." 2> /dev/null)" ]; then
    is_mounted=yes
  fi
  members=0
  now=$(date +%s)
  member=
  exec 4>&1
  record H root "${base:-/}"
  record H time "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  record H host "$(cat "$base/proc/sys/kernel/hostname" 2> /dev/null ||
    sed -n '/^[[:space:]]*#/d; /./p' "$base/etc/hostname" 2> /dev/null | head -n 1)"
  record H redacted "$redact"
  record H uid "$(id -u)"
  put_member mesos-ckpt.collect "mesos-ckpt collect 1$nl$records"
  records=
  look_at_kernel
  look_at_processes
  look_at_etc
  look_at_packages
  look_at_units
  find_agent_units
  look_at_starters
  look_at_installed
  follow_sources
  look_at_containers
  follow_sources
  # What is found by these may name more of them.
  for round in 1 2 3; do
    take_mapped
    follow_sources
  done
  look_at_cgroups
  find_work_dirs
  put_all
}

main() {
  LC_ALL=C
  export LC_ALL
  unset TAR_OPTIONS POSIXLY_CORRECT GREP_OPTIONS 2> /dev/null
  PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  while [ $# -gt 0 ]; do
    case $1 in
      --redact) redact=yes ;;
      --work-dir)
        [ $# -gt 1 ] || usage '--work-dir needs a folder'
        work_dir=$2
        shift
        ;;
      --work-dir=*) work_dir=${1#*=} ;;
      --)
        shift
        break
        ;;
      -*) usage "$1 is not an option" ;;
      *) break ;;
    esac
    shift
  done
  [ $# -le 1 ] || usage 'one ROOT is given at most'
  [ $# -eq 0 ] || root=$1
  case $work_dir in '' | /*) ;; *) usage '--work-dir is an absolute path, such as /var/lib/mesos' ;; esac
  # A shell that reads this from standard input has read it all by now.
  exec < /dev/null
  [ -d "$root" ] || usage "$root is not a folder"
  base=$(cd "$root" && pwd -P) || usage "$root cannot be entered"
  base=${base%/}
  [ -t 1 ] && usage 'standard output is a terminal: write it to a file'
  collect
}

main "$@"
