# Makes in the journal all that the steps will put somewhere, before any step is carried out: then a step is no more than a
# rename, and a disk that is full is met while nothing has been changed.

stage_steps() {
  like_of='' slot_owner=''
  for_each_step write_content
  forget_digests
  for_each_step check_content
  forget_digests
  for_each_step stage
}

for_each_step() {
  step=1
  while [ "$step" -le "$STEPS" ]; do
    load_step
    slot=$journal/new/$step
    "$1"
    step=$((step + 1))
  done
}

write_content() {
  case $kind in
    cut) "parts_$step" > "$slot" || could_not_stage 'its bytes cannot be copied' ;;
    create-file) "bytes_$step" > "$slot" || could_not_stage 'its bytes cannot be written' ;;
  esac
}

check_content() {
  read_ahead made
  case $kind in
    cut) has_content "$slot" "$made_size" "$made_sha256" "$made_cksum" || could_not_stage "what was copied $why" ;;
    create-file) has_content "$slot" "$made_size" "$made_sha256" "$made_cksum" || could_not_stage "what was written $why" ;;
  esac
}

stage() {
  case $kind in
    cut) stage_cut ;;
    create-file) stage_file ;;
    create-link) stage_link ;;
    create-folder) stage_folder ;;
  esac
}

could_not_stage() {
  die "step $step ($what) cannot be made ready: $1; nothing was changed"
}

# The file without what is cut from it gets all else that it has.
stage_cut() {
  # Access lists, extended attributes and times to the nanosecond, where `cp` is that of coreutils.
  if cp --attributes-only --preserve=all "$path" "$slot" 2> /dev/null; then
    # It is silent about an owner that it may not give.
    if is_alike "$path" "$slot"; then return; fi
    slot_owner=
  else
    say "  note: access lists and extended attributes, where it had any, are not carried over: there is no cp of coreutils"
  fi
  stat_of "$path" || could_not_stage 'it cannot be looked at'
  octal_mode
  give "$owner" "$group" "$mode"
  # What `cp` gave this one tells nothing of the others.
  slot_owner=
  touch -c -r "$path" "$slot" || could_not_stage 'its times cannot be given'
}

# Whether `head` takes bytes rather than lines is found out where that is asked.
has_head=

# So many bytes of the file to be cut, from an offset.
part() {
  if [ -z "$has_head" ]; then
    if head -c 1 < /dev/null > /dev/null 2>&1; then has_head=yes; else has_head=no; fi
  fi
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

# The file to be cut, from an offset to its end.
rest() {
  if [ "$1" = 0 ]; then cat "$path"; else tail -c "+$(($1 + 1))" "$path"; fi
}

stage_file() {
  look_like
  # Nothing new is run, or as somebody else.
  bits=$((0$like_mode & 0666))
  give "$like_owner" "$like_group" "0$((bits >> 6))$((bits >> 3 & 7))$((bits & 7))"
}

stage_link() {
  ln -s -- "$target" "$slot" || could_not_stage 'the link cannot be made'
  look_like
  find_slot_owner
  if [ "$like_owner:$like_group" != "$slot_owner" ]; then
    chown -h "$like_owner:$like_group" "$slot" || could_not_stage 'its owner cannot be given'
  fi
}

stage_folder() {
  mkdir -m 700 "$slot" || could_not_stage 'the folder cannot be made'
  look_like
  # A folder inherits bits of its own, which a number does not take away.
  if [ -u "$slot" ] || [ -g "$slot" ]; then chmod u-s,g-s "$slot"; fi
  give "$like_owner" "$like_group" "$like_mode"
}

# Gives what is made an OWNER GROUP MODE.
give() {
  find_slot_owner
  if [ "$1:$2" != "$slot_owner" ]; then
    chown "$1:$2" "$slot" || could_not_stage 'its owner cannot be given'
  fi
  # After the owner, because a change of that takes bits away.
  chmod "$3" "$slot" || could_not_stage 'its mode cannot be given'
}

# Sets `slot_owner`, to the owner and group of what is made: they are the same of all that this process makes in one folder.
find_slot_owner() {
  [ -z "$slot_owner" ] || return 0
  stat_of "$slot" || could_not_stage 'it cannot be looked at'
  slot_owner=$owner:$group
}

# Sets `like_owner`, `like_group` and `like_mode` to those that something new is to have: a file's mode lets folders be
# entered by whom it lets read.
look_like() {
  [ "$like_of" != "${like:-.}" ] || return 0
  like_of=${like:-.}
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
  like_owner=$owner like_group=$group like_mode=$mode
}

# As `-rw-r-----` is for a file, `-rwxr-x---` is for a folder.
enter_where_read() {
  user=${modes#?}
  others=${user#???}
  user=${user%"$others"}
  rest=${others#???}
  group_modes=${others%"$rest"}
  others=${rest%"${rest#???}"}
  modes=-
  for three in "$user" "$group_modes" "$others"; do
    case $three in
      r?-) three=${three%-}x ;;
      r?S) three=${three%S}s ;;
      r?T) three=${three%T}t ;;
    esac
    modes=$modes$three
  done
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
    names_digest "$path" && printf '%s\n' "$names_there" > "$journal/times/$at" && touch -r "$path" "$journal/times/$at" ||
      die "$(shown_journal) cannot be written: nothing was changed"
    at=$((at + 1))
  done
}
