# One mesos-ckpt at a time changes a tree: the lock is the one that `mesos-ckpt prune --apply` takes. Each puts a file with
# a name of its own into the folder of journals, and then looks for others'. A file whose process is gone holds nobody up.

# The folders of journals that a tree may have: how it is mounted may have changed since one was made.
JOURNAL_FOLDERS='mesos-ckpt meta/.mesos-ckpt'

lock=

# Sets `journals`, where new journals go, and `holder`, which holds that: `meta` where it is a mount of its own, because
# nothing can be renamed from one mount to another.
find_seat() {
  journals=mesos-ckpt holder=.
  if [ "$(mount_of meta)" != '' ] || [ "$(device_of meta)" != "$(device_of .)" ]; then
    journals=meta/.mesos-ckpt holder=meta
  fi
}

# To make it gives the folder that holds it another time: until that has its own again, a name tells it, so that a run which
# is killed in between loses nothing.
make_journals() {
  if [ -L "$journals" ] || { [ -e "$journals" ] && [ ! -d "$journals" ]; }; then
    die "$journals in the work_dir is no folder: move it out of the way"
  fi
  if [ ! -d "$journals" ]; then
    when=$(modified_of "$holder") || when=
    begun=
    for each in "$holder"/.mesos-ckpt-*; do
      if [ -d "$each" ]; then begun=$each; fi
    done
    if [ -z "$begun" ]; then
      begun=$holder/.mesos-ckpt-$when-$(names_digest "$holder" foreign)
      mkdir -m 700 "$begun" 2> /dev/null || die 'nothing can be written in the work_dir: nothing was changed'
    fi
    : > "$begun/holder-${begun##*/.mesos-ckpt-}" && mv -f "$begun" "$journals" ||
      die 'nothing can be written in the work_dir: nothing was changed'
  fi
  for each in "$journals"/holder-*; do
    [ -f "$each" ] || continue
    when=${each##*/holder-}
    when=${when%%-*}
    if [ "${each##*/holder-}" = "$when-$(names_digest "$holder" foreign)" ]; then give_time "$holder" "$when"; fi
    rm -f "$each"
  done
}

# Takes the folder of journals away again where there is nothing in it.
drop_journals() {
  when=$(modified_of "$holder") || when=
  rmdir "$journals" 2> /dev/null || return 0
  give_time "$holder" "$when"
}

# PATH NANOSECONDS: a time is not worth a failure.
give_time() {
  [ -n "$2" ] || return 0
  since=${2%?????????}
  touch -c -m -d "@${since:-0}.${2#"$since"}" "$1" 2> /dev/null && return 0
  touch -c -m -d "@${since:-0}" "$1" 2> /dev/null || :
}

# When a process was started, in ticks since boot; nothing where there is none. Its name, in brackets, may hold anything.
start_of() {
  stat_text=$(cat "/proc/$1/stat" 2> /dev/null) || return 0
  stat_text=${stat_text##*)}
  # shellcheck disable=SC2086 # The fields are to be words.
  set -- $stat_text
  case ${1:-Z} in Z | X) return 0 ;; esac
  [ "$#" -ge 20 ] || return 0
  shift 19
  echo "$1"
}

# A field of a lock's JSON: NAME FILE.
lock_field() {
  sed -n "1s/.*\"$1\":\"\{0,1\}\([^\",}]*\)\"\{0,1\}.*/\1/p" "$2" 2> /dev/null || :
}

take_lock() {
  started=$(start_of $$)
  boot_id=$(cat /proc/sys/kernel/random/boot_id 2> /dev/null) || boot_id=
  host=$(uname -n | tr -d -c 'A-Za-z0-9._-')
  namespace=$(readlink /proc/self/ns/pid 2> /dev/null) || namespace=
  clocks=$(readlink /proc/self/ns/time 2> /dev/null) || clocks=
  lock=lock-$$-$started-sh$(date +%s)
  make_journals
  printf '{"pid":%s,"started":"%s","bootId":"%s","host":"%s","namespace":"%s","timeNamespace":"%s"}\n' \
    $$ "$started" "$boot_id" "$host" "$namespace" "$clocks" > "$journals/.$lock" &&
    mv -f "$journals/.$lock" "$journals/$lock" ||
    die "nothing can be written in $journals of the work_dir: nothing was changed"
  for folder in $JOURNAL_FOLDERS; do
    for other in "$folder"/lock-* "$folder"/.lock-*; do
      [ "$other" = "$journals/$lock" ] || refuse_holder "$other"
    done
  done
}

refuse_holder() {
  [ -f "$1" ] || return 0
  holder=$(lock_field pid "$1")
  case $holder in
    '' | *[!0-9]*)
      # One that is being written holds nobody up: its writer will see this one.
      case $1 in
        */.lock-*)
          holder=${1#*/.lock-}
          [ -z "$(start_of "${holder%%-*}")" ] || return 0
          rm -f "$1"
          return 0
          ;;
      esac
      die "another mesos-ckpt may be changing this tree: where it is not, remove $1 in the work_dir"
      ;;
  esac
  other_host=$(lock_field host "$1")
  is_holder_alive "$1"
  case $alive in
    no) rm -f "$1" ;;
    yes) die "another mesos-ckpt is changing this tree (process $holder on $other_host): wait until it is done" ;;
    *) die "another mesos-ckpt may be changing this tree (process $holder on $other_host, which cannot be seen from here): where it is not, remove $1 in the work_dir" ;;
  esac
}

# Sets `alive`: yes, no, or unknown where that cannot be told from here.
is_holder_alive() {
  alive=unknown
  if [ "$(lock_field bootId "$1")" != "$boot_id" ]; then
    if [ "$other_host" = "$host" ]; then alive=no; fi
    return 0
  fi
  [ "$(lock_field namespace "$1")" = "$namespace" ] || return 0
  other_start=$(start_of "$holder")
  if [ -n "$other_start" ] && [ "$(lock_field timeNamespace "$1")" != "$clocks" ]; then return 0; fi
  if [ -n "$other_start" ] && [ "$other_start" = "$(lock_field started "$1")" ]; then alive=yes; else alive=no; fi
}

release_lock() {
  [ -n "$lock" ] || return 0
  rm -f "$journals/$lock" "$journals/.$lock"
  lock=
  drop_journals
}
