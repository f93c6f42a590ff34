# What is at a path now. Paths are relative to the work_dir, in which this runs, or lie in the journal.

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

inode_of() {
  inode_line=$(ls -di "$1") || return 1
  set -f
  # shellcheck disable=SC2086 # The line is to be words.
  set -- $inode_line
  set +f
  inode=$1
}

# Whether two paths are names of one file. Both lie on one file system.
is_same_file() {
  inode_of "$1" || return 1
  inode_first=$inode
  inode_of "$2" || return 1
  [ "$inode" = "$inode_first" ]
}

# Sets `digest_there`, of the content of a file.
digest_of() {
  case $digest in
    sha256) digest_there=$(sha256sum < "$1") || return 1 ;;
    *) digest_there=$(cksum < "$1") || return 1 ;;
  esac
  digest_there=${digest_there%% *}
}

# Whether a file has a content: PATH SIZE SHA256 CKSUM. One that the disk does not give has a SHA-256 of zeros.
has_content() {
  stat_of "$1" || return 1
  [ "$size_there" = "$2" ] || {
    why="has $size_there bytes, and had $2"
    return 1
  }
  case $3 in *[!0]*) ;; *) return 0 ;; esac
  digest_of "$1" || {
    why='cannot be read'
    return 1
  }
  case $digest in sha256) digest_wanted=$3 ;; *) digest_wanted=$4 ;; esac
  [ "$digest_there" = "$digest_wanted" ] || {
    why='has other bytes than it had'
    return 1
  }
}

# Sets `target_there`, of a link.
target_of() {
  target_there=$(readlink "$1" && echo .) || return 1
  target_there=${target_there%"$nl."}
}

count_names() (
  cd "$1" || exit 1
  many=0
  for each in * .[!.]* ..?*; do
    if [ -e "$each" ] || [ -L "$each" ]; then many=$((many + 1)); fi
  done
  echo "$many"
)

# Whether a folder holds as many names.
has_names() {
  [ "$(count_names "$1")" = "$2" ] || {
    why='holds other names, sizes or links than it did'
    return 1
  }
}

# Whether at PATH is what the plan found there; `why` tells what is there else. What a folder holds is in a function.
is_as_planned() {
  look "$1"
  [ "$there" = "$was" ] || {
    why="is $(described "$there"), and was $(described "$was")"
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

described() {
  case $1 in
    absent) echo nothing ;;
    other) echo 'no file, link or folder' ;;
    *) echo "a $1" ;;
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

# When something was modified, in ns since 1970; nothing where this host does not tell.
modified_of() {
  if times=$(stat -c '%Y %y' "$1" 2> /dev/null); then
    seconds=${times%% *}
    case $times in
      *.[0-9]*)
        fraction=${times#*.}
        fraction=${fraction%%[!0-9]*}
        ;;
      *) fraction=0 ;;
    esac
  else
    seconds=$(date -r "$1" +%s 2> /dev/null) || return 1
    fraction=0
  fi
  while [ "${#fraction}" -lt 9 ]; do fraction=${fraction}0; done
  case $seconds in
    -*) echo "$((seconds * 1000000000 + 1$fraction - 1000000000))" ;;
    *) echo "$seconds$fraction" ;;
  esac
}

# The digest of the names in a folder, or of those that are not of the journals: FOLDER [foreign]
names_digest() {
  (cd "$1" && find . ! -name . -prune -print) | sed 's|^\./||' | of_names "${2:-all}" | sort | tr '\n' '\000' | digest_input
}

of_names() {
  case $1 in
    foreign) sed -e '/^mesos-ckpt$/d' -e '/^\.mesos-ckpt$/d' -e '/^\.mesos-ckpt-/d' ;;
    *) cat ;;
  esac
}

digest_input() {
  case $digest in sha256) sha256sum ;; *) cksum ;; esac | sed 's/ .*//'
}
