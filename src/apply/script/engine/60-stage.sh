# Makes in the journal all that the steps will put somewhere, before any step is carried out: then a step is no more than a
# rename, and a disk that is full is met while nothing has been changed.

stage_steps() {
  step=1
  while [ "$step" -le "$STEPS" ]; do
    load_step
    slot=$journal/new/$step
    case $kind in
      cut) stage_cut ;;
      create-file) stage_file ;;
      create-link) stage_link ;;
      create-folder) stage_folder ;;
    esac
    step=$((step + 1))
  done
}

could_not_stage() {
  die "step $step ($what) cannot be made ready: $1; nothing was changed"
}

# The file without what is cut from it, with all else that it has.
stage_cut() {
  "parts_$step" > "$slot" || could_not_stage 'its bytes cannot be copied'
  has_content "$slot" "$made_size" "$made_sha256" "$made_cksum" || could_not_stage "what was copied $why"
  stat_of "$path" || could_not_stage 'it cannot be looked at'
  octal_mode
  give "$slot" "$owner" "$group" "$mode"
  # Access lists, extended attributes and times to the nanosecond, where `cp` is that of coreutils.
  cp --attributes-only --preserve=all "$path" "$slot" 2> /dev/null ||
    say "  note: access lists and extended attributes, where it had any, are not carried over: there is no cp of coreutils"
  touch -c -r "$path" "$slot" || could_not_stage 'its times cannot be given'
}

# So many bytes of the file to be cut, from an offset.
part() {
  if [ "$has_head" = yes ]; then
    if [ "$1" = 0 ]; then head -c "$2" < "$path"; else tail -c "+$(($1 + 1))" "$path" | head -c "$2"; fi
    return
  fi
  # In blocks where that is possible: a byte at a time is slow.
  if [ "$1" = 0 ] && [ "$2" -ge 4096 ]; then
    dd if="$path" bs=4096 count="$(($2 / 4096))" 2> /dev/null || return 1
    part "$(($2 / 4096 * 4096))" "$(($2 % 4096))"
    return
  fi
  [ "$2" = 0 ] || dd if="$path" bs=1 skip="$1" count="$2" 2> /dev/null
}

stage_file() {
  "bytes_$step" > "$slot" || could_not_stage 'its bytes cannot be written'
  has_content "$slot" "$made_size" "$made_sha256" "$made_cksum" || could_not_stage "what was written $why"
  look_like
  give "$slot" "$owner" "$group" "$(printf '%04o' "$((0$mode & 0666))")"
}

stage_link() {
  ln -s -- "$target" "$slot" || could_not_stage 'the link cannot be made'
  look_like
  own_owner=$owner own_group=$group
  stat_of "$slot"
  if [ "$owner:$group" != "$own_owner:$own_group" ]; then
    chown -h "$own_owner:$own_group" "$slot" || could_not_stage 'its owner cannot be given'
  fi
}

stage_folder() {
  mkdir -m 700 "$slot" || could_not_stage 'the folder cannot be made'
  look_like
  # A folder inherits bits of its own, which a number does not take away.
  chmod u-s,g-s,-t "$slot"
  give "$slot" "$owner" "$group" "$mode"
}

# PATH OWNER GROUP MODE
give() {
  wanted_owner=$2 wanted_group=$3
  stat_of "$1" || could_not_stage 'it cannot be looked at'
  if [ "$owner:$group" != "$wanted_owner:$wanted_group" ]; then
    chown "$wanted_owner:$wanted_group" "$1" || could_not_stage 'its owner cannot be given'
  fi
  # After the owner, because a change of that takes bits away.
  chmod "$4" "$1" || could_not_stage 'its mode cannot be given'
}

# Sets `owner`, `group` and `mode` to those that something new is to have: a file's mode lets folders be entered by whom it
# lets read.
look_like() {
  look "${like:-.}"
  [ "$there" != absent ] || could_not_stage 'what it is to be like is not there'
  stat_of "${like:-.}" || could_not_stage 'what it is to be like cannot be looked at'
  case $there in
    link) modes=-rw-r--r-- ;;
  esac
  case $there in
    folder) ;;
    *) enter_where_read ;;
  esac
  octal_mode
}

# As `-rw-r-----` is for a file, `-rwxr-x---` is for a folder.
enter_where_read() {
  user=${modes#?}
  others=${user#???}
  user=${user%"$others"}
  rest=${others#???}
  group_modes=${others%"$rest"}
  others=${rest%"${rest#???}"}
  modes=-$(entering "$user")$(entering "$group_modes")$(entering "$others")
}

entering() {
  case $1 in
    r?-) echo "${1%-}x" ;;
    r?S) echo "${1%S}s" ;;
    r?T) echo "${1%T}t" ;;
    *) echo "$1" ;;
  esac
}

# Sets `mode`, in octal, by `modes`, which is as `ls` shows it.
octal_mode() {
  bits=${modes#?}
  special=0 mode=
  for weight in 4 2 1; do
    rest=${bits#???}
    three=${bits%"$rest"}
    digit=0
    case $three in r??) digit=$((digit + 4)) ;; esac
    case $three in ?w?) digit=$((digit + 2)) ;; esac
    case $three in ??[xst]) digit=$((digit + 1)) ;; esac
    case $three in ??[sStT]) special=$((special + weight)) ;; esac
    mode=$mode$digit
    bits=$rest
  done
  mode=$special$mode
}

# Notes when the folders were modified whose names the steps change, and what names they hold.
stage_folders() {
  at=1
  while [ "$at" -le "$FOLDERS" ]; do
    "folder_$at"
    names_digest "$path" > "$journal/times/$at" && touch -r "$path" "$journal/times/$at" ||
      die "$(shown_journal) cannot be written: nothing was changed"
    at=$((at + 1))
  done
}
