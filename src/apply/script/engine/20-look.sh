# What is at a path now. Paths are relative to the work_dir, in which this runs, or lie in the journal.
#
# Functions set variables rather than print: to read what a function prints costs a process.

# Sets `there`: file, link, folder, other or absent.
look() {
  if [ -L "$1" ]; then
    there=link
  elif [ -f "$1" ]; then
    there=file
  elif [ -d "$1" ]; then
    there=folder
  elif [ -e "$1" ]; then
    there=other
  else
    there=absent
  fi
}

# Sets `modes`, `owner`, `group` and `size_there`. There is `ls` where there is no `stat`.
stat_of() {
  stat_line=$(ls -lnd "$1" 2> /dev/null) || return 1
  set -f
  # shellcheck disable=SC2086 # The line is to be words.
  set -- $stat_line
  set +f
  modes=$1 owner=$3 group=$4 size_there=$5
}

# Whether two paths are names of one file, and neither is a link to it.
is_same_file() {
  # shellcheck disable=SC3013 # dash, bash and busybox have it.
  [ ! -L "$1" ] && [ ! -L "$2" ] && [ "$1" -ef "$2" ]
}

# Whether two files have the same mode, owner and group, where `stat` tells; not where there is none.
is_alike() {
  alike=$(stat -c '%a %u %g' "$1" "$2" 2> /dev/null) && [ "${alike%%"$nl"*}" = "${alike#*"$nl"}" ]
}

# Digests of files that were read together, a line each: `DIGEST  PATH`, as `sha256sum` prints it, or `CHECKSUM SIZE PATH`.
# None of a path that is not plain is among them, as that may hold a newline, or be printed otherwise.
digests=

# Reads files with one process: PATH... What is no file, or cannot be read, is not among the digests.
read_digests() {
  digests=
  for each in "$@"; do
    shift
    if [ -f "$each" ] && [ ! -L "$each" ] && is_plain "$each"; then set -- "$@" "$each"; fi
  done
  [ "$#" -gt 0 ] || return 0
  case $digest in
    sha256) digests=$nl$(sha256sum "$@" 2> /dev/null)$nl || : ;;
    *) digests=$nl$(cksum "$@" 2> /dev/null)$nl || : ;;
  esac
}

# Sets `digest_there`, of the content of a file: DIGEST, or CHECKSUM SIZE.
digest_of() {
  case $digest in
    sha256)
      digest_there=$(sha256sum < "$1") || return 1
      digest_there=${digest_there%% *}
      ;;
    *) digest_there=$(cksum < "$1") || return 1 ;;
  esac
}

# Whether a digest that was read before says that a file has a content: PATH SIZE SHA256 CKSUM.
is_known() {
  [ -n "$digests" ] && is_plain "$1" || return 1
  case $digest in
    sha256) known="$3  $1" ;;
    *) known="$4 $2 $1" ;;
  esac
  case $digests in *"$nl$known$nl"*) return 0 ;; esac
  return 1
}

# Whether a file has a content: PATH SIZE SHA256 CKSUM. One that the disk does not give has a SHA-256 of zeros.
has_content() {
  if is_known "$@"; then return 0; fi
  case $digest in sha256) digest_wanted=$3 ;; *) digest_wanted="$4 $2" ;; esac
  why='has other bytes than it had'
  case $3 in
    *[!0]*)
      if ! digest_of "$1"; then
        why='cannot be read'
      elif [ "${digest_there% }" = "$digest_wanted" ]; then
        return 0
      fi
      ;;
  esac
  stat_of "$1" || return 1
  if [ "$size_there" != "$2" ]; then
    why="has $size_there bytes, and had $2"
    return 1
  fi
  case $3 in *[!0]*) return 1 ;; esac
}

# Sets `target_there`, of a link.
target_of() {
  target_there=$(readlink "$1" && echo .) || return 1
  target_there=${target_there%"$nl."}
}

# Sets `many`, to how many names a folder has.
count_names() {
  many=0
  for each in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -e "$each" ] || [ -L "$each" ]; then many=$((many + 1)); fi
  done
}

# Whether a folder holds as many names.
has_names() {
  count_names "$1"
  [ "$many" = "$2" ] || {
    why='holds other names, sizes or links than it did'
    return 1
  }
}

# Whether at PATH is what the plan found there; `why` tells what is there else. What a folder holds is in a function.
is_as_planned() {
  look "$1"
  [ "$there" = "$was" ] || {
    describe "$was" && described_was=$described
    describe "$there" && why="is $described, and was $described_was"
    return 1
  }
  case $was in
    file) has_content "$1" "$size" "$sha256" "$cksum" ;;
    link)
      target_of "$1" && [ "$target_there" = "$link" ] || {
        why='is a link to something else'
        return 1
      }
      ;;
    folder)
      folder=$1
      "holds_$step"
      ;;
  esac
}

# Sets `described`.
describe() {
  case $1 in
    absent) described=nothing ;;
    other) described='no file, link or folder' ;;
    *) described="a $1" ;;
  esac
}

# Whether `name` in `folder` is of a kind: KIND. `detail` is a file's size, a link's target, or how many names a folder has.
holds() {
  below=$folder/$name
  look "$below"
  case $there in
    file) stat_of "$below" && [ "$size_there" = "$detail" ] ;;
    link) target_of "$below" && [ "$target_there" = "$detail" ] ;;
    folder) has_names "$below" "$detail" ;;
  esac && [ "$there" = "$1" ] || {
    why='holds other names, sizes or links than it did'
    return 1
  }
}

# Whether paths are files of these sizes, in the same order: 'SIZE SIZE...' PATH...
hold_sizes() {
  sizes=$1
  shift
  for each in "$@"; do
    [ -f "$each" ] && [ ! -L "$each" ] || sizes=no
  done
  find_sizes "$@"
  [ "$sizes_there" = "$sizes" ] || {
    why='holds other names, sizes or links than it did'
    return 1
  }
}

# Sets `sizes_there`, with one process where there is `stat`.
find_sizes() {
  if found_sizes=$(stat -c %s "$@" 2> /dev/null); then
    # shellcheck disable=SC2086 # The lines are to be words.
    set -- $found_sizes
    sizes_there=$*
    return
  fi
  sizes_there=
  for each in "$@"; do
    stat_of "$each" || return 0
    sizes_there="$sizes_there${sizes_there:+ }$size_there"
  done
}

# Whether all that leads to a path is a folder and no link: nothing is changed through a link.
is_reachable() {
  way_rest=$1 way=
  while :; do
    case $way_rest in */*) ;; *) return 0 ;; esac
    way=$way${way_rest%%/*} way_rest=${way_rest#*/}
    if [ -L "$way" ]; then
      why='lies below a link, and links are not followed for writing'
      return 1
    fi
    [ -d "$way" ] || {
      why='lies in a folder that is not there'
      return 1
    }
    way=$way/
  done
}

# Sets `parent`.
parent_of() {
  case $1 in */*) parent=${1%/*} ;; *) parent=. ;; esac
}

# Sets `modified`, to when something was modified, in ns since 1970; to nothing where this host does not tell.
modified_of() {
  modified=
  if times=$(stat -c '%Y %y' "$1" 2> /dev/null); then
    modified_by "$times"
  else
    seconds=$(date -r "$1" +%s 2> /dev/null) || return 1
    modified_by "$seconds"
  fi
}

# The same, by what `stat` prints of its times: 'SECONDS DATE TIME.FRACTION ZONE', with or without a fraction, or by seconds.
modified_by() {
  seconds=${1%% *}
  case $1 in
    *.[0-9]*)
      fraction=${1#*.}
      fraction=${fraction%%[!0-9]*}
      ;;
    *) fraction=0 ;;
  esac
  while [ "${#fraction}" -lt 9 ]; do fraction=${fraction}0; done
  case $seconds in
    -*) modified=$((seconds * 1000000000 + 1$fraction - 1000000000)) ;;
    *) modified=$seconds$fraction ;;
  esac
}

# Sets `names_there`, to the digest of the names in a folder, or of those that are not of the journals: FOLDER [foreign]
names_digest() {
  case $digest in
    sha256) names_there=$(cd "$1" && print_names "${2:-all}" | sha256sum) || return 1 ;;
    *) names_there=$(cd "$1" && print_names "${2:-all}" | cksum) || return 1 ;;
  esac
  names_there=${names_there%% *}
}

# Sets `names_listed`, to the names in a folder that are not of the journals, with a slash behind each.
list_foreign() {
  names_listed=
  for each_path in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if { [ -e "$each_path" ] || [ -L "$each_path" ]; } && is_counted foreign "${each_path##*/}"; then
      names_listed=$names_listed${each_path##*/}/
    fi
  done
}

# The names in this folder in the order of their bytes, each with a byte 0 behind it. A shell sorts them, but those that
# begin with a dot for themselves.
print_names() {
  if has_dotted "$1"; then
    names_in "$1" '%s\n' * .[!.]* ..?* | sort | tr '\n' '\000'
  else
    names_in "$1" '%s\000' *
  fi
}

has_dotted() {
  for each in .[!.]* ..?*; do
    if { [ -e "$each" ] || [ -L "$each" ]; } && is_counted "$1" "$each"; then return 0; fi
  done
  return 1
}

# WHICH FORMAT NAME...
names_in() {
  which=$1 format=$2
  shift 2
  for each in "$@"; do
    # shellcheck disable=SC2059 # The format is one of two.
    if { [ -e "$each" ] || [ -L "$each" ]; } && is_counted "$which" "$each"; then printf "$format" "$each"; fi
  done
}

# Whether a name is not one of the journals, where only others count.
is_counted() {
  case $1:$2 in foreign:mesos-ckpt | foreign:.mesos-ckpt | foreign:.mesos-ckpt-*) return 1 ;; esac
}
