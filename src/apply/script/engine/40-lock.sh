# One mesos-ckpt at a time changes a tree: the lock is the one that `mesos-ckpt prune --apply` takes. Each puts a file with
# a name of its own into the folder of journals, and then looks for others'. A file whose process is gone holds nobody up.

# The folders of journals that a tree may have: how it is mounted may have changed since one was made.
JOURNAL_FOLDERS='mesos-ckpt meta/.mesos-ckpt'

lock=

# Sets `journals`, where new journals go, and `holder`, which holds that: `meta` where it is a mount of its own, because
# nothing can be renamed from one mount to another.
find_seat() {
  journals=mesos-ckpt holder=.
  mount_of meta
  if [ "$mount" != '' ] || ! is_one_device meta .; then
    journals=meta/.mesos-ckpt holder=meta
  fi
}

# To make it gives the folder that holds it another time: until that has its own again, a name tells it, so that a run which
# is killed in between loses nothing.
make_journals() {
  if [ -L "$journals" ] || { [ -e "$journals" ] && [ ! -d "$journals" ]; }; then
    die "$journals in the work_dir is no folder: move it out of the way"
  fi
  names_before=
  if [ ! -d "$journals" ]; then
    modified_of "$holder" || :
    list_foreign "$holder"
    names_before=$names_listed
    begun=
    for each in "$holder"/.mesos-ckpt-*; do
      if [ -d "$each" ]; then begun=$each; fi
    done
    if [ -z "$begun" ]; then
      names_digest "$holder" foreign
      begun=$holder/.mesos-ckpt-$modified-$names_there
      mkdir -m 700 "$begun" 2> /dev/null || die 'nothing can be written in the work_dir: nothing was changed'
    else
      # What names there were when a run that was killed began is told by its digest alone.
      names_before=
    fi
    : > "$begun/holder-${begun##*/.mesos-ckpt-}" && mv -f "$begun" "$journals" ||
      die 'nothing can be written in the work_dir: nothing was changed'
  fi
  for each in "$journals"/holder-*; do
    [ -f "$each" ] || continue
    when=${each##*/holder-}
    when=${when%%-*}
    list_foreign "$holder"
    [ -n "$names_before" ] && [ "$names_listed" = "$names_before" ] || names_digest "$holder" foreign
    if [ "${each##*/holder-}" = "$when-$names_there" ]; then give_time "$holder" "$when"; fi
    rm -f "$each"
  done
}

# Takes the folder of journals away again where there is nothing in it.
drop_journals() {
  count_names "$journals"
  [ "$many" = 0 ] || return 0
  modified_of "$holder" || :
  rmdir "$journals" 2> /dev/null || return 0
  give_time "$holder" "$modified"
}

# PATH NANOSECONDS: a time is not worth a failure.
give_time() {
  [ -n "$2" ] || return 0
  since=${2%?????????}
  touch -c -m -d "@${since:-0}.${2#"$since"}" "$1" 2> /dev/null && return 0
  touch -c -m -d "@${since:-0}" "$1" 2> /dev/null || :
}

# Sets `start`, to when a process was started, in ticks since boot; to nothing where there is none. Its name, in brackets,
# may hold anything.
start_of() {
  start='' stat_text=''
  { while IFS= read -r line; do stat_text=$stat_text$line; done < "/proc/$1/stat"; } 2> /dev/null || return 0
  stat_text=${stat_text##*)}
  # shellcheck disable=SC2086 # The fields are to be words.
  set -- $stat_text
  case ${1:-Z} in Z | X) return 0 ;; esac
  [ "$#" -ge 20 ] || return 0
  shift 19
  start=$1
}

# Sets `field`, to one of the JSON in `lock_text`: NAME.
lock_field() {
  field=${lock_text#*"\"$1\":"}
  [ "$field" != "$lock_text" ] || field=
  field=${field#\"}
  field=${field%%[\",\}]*}
}

# Sets what tells this process from others: `started`, `boot_id`, `host`, `namespace`, and `clocks`, the namespace of its clocks.
know_itself() {
  start_of $$
  started=$start
  first_line /proc/sys/kernel/random/boot_id || :
  boot_id=$line
  first_line /proc/sys/kernel/hostname || line=$(uname -n)
  host=$line
  case $host in *[!A-Za-z0-9._-]*) host=$(printf '%s' "$host" | tr -d -c 'A-Za-z0-9._-') ;; esac
  namespace='' clocks=''
  set -f
  for link_line in $(ls -l /proc/self/ns/pid /proc/self/ns/time 2> /dev/null); do
    case $link_line in
      pid:*) namespace=$link_line ;;
      time:*) clocks=$link_line ;;
    esac
  done
  set +f
}

take_lock() {
  know_itself
  # One of its own, also for a process of another namespace that has the same pid.
  first_line /proc/sys/kernel/random/uuid || line=$(date +%s)
  lock=lock-$$-$started-sh$line
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
  lock_text=
  first_line "$1" && lock_text=$line
  lock_field pid
  holder=$field
  case $holder in
    '' | *[!0-9]*)
      # One that is being written holds nobody up: its writer will see this one.
      case $1 in
        */.lock-*)
          holder=${1#*/.lock-}
          start_of "${holder%%-*}"
          [ -z "$start" ] || return 0
          rm -f "$1"
          return 0
          ;;
      esac
      die "another mesos-ckpt may be changing this tree: where it is not, remove $1 in the work_dir"
      ;;
  esac
  lock_field host
  other_host=$field
  is_holder_alive
  case $alive in
    no) rm -f "$1" ;;
    yes) die "another mesos-ckpt is changing this tree (process $holder on $other_host): wait until it is done" ;;
    *) die "another mesos-ckpt may be changing this tree (process $holder on $other_host, which cannot be seen from here): where it is not, remove $1 in the work_dir" ;;
  esac
}

# Sets `alive`: yes, no, or unknown where that cannot be told from here.
is_holder_alive() {
  alive=unknown
  lock_field bootId
  if [ "$field" != "$boot_id" ]; then
    if [ "$other_host" = "$host" ]; then alive=no; fi
    return 0
  fi
  lock_field namespace
  [ "$field" = "$namespace" ] || return 0
  start_of "$holder"
  lock_field timeNamespace
  if [ -n "$start" ] && [ "$field" != "$clocks" ]; then return 0; fi
  lock_field started
  if [ -n "$start" ] && [ "$start" = "$field" ]; then alive=yes; else alive=no; fi
}

release_lock() {
  [ -n "$lock" ] || return 0
  rm -f "$journals/$lock" "$journals/.$lock"
  lock=
  drop_journals
}
