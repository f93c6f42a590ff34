# Runs through the steps, and the looks before them.

# Looks before the first step at all that can be known of it.
refuse_changed() {
  step=1 changed=0
  forget_digests
  while [ "$step" -le "$STEPS" ]; do
    load_step
    read_ahead found
    # Of what an earlier step will have changed nothing can be known yet.
    if [ "$is_first" = yes ]; then
      if is_reachable "$path" && is_as_planned "$path"; then refuse_unwritable; else tell_changed; fi
    fi
    step=$((step + 1))
  done
  forget_digests
  [ "$changed" = 0 ] || die "the tree is not as the plan saw it in $changed places: nothing was changed; make another plan"
}

tell_changed() {
  changed=$((changed + 1))
  [ "$changed" -gt 10 ] || warn "step $step ($what): it $why"
}

refuse_unwritable() {
  parent_of "$path"
  [ -w "$parent" ] || die "step $step ($what): its folder cannot be written to: nothing was changed; run this as root, and see that the file system is not mounted read-only"
  refuse_other_mount "$path"
}

# Sets `mounts`: those strictly below the work_dir, a line each. Nothing can be renamed from one mount to another.
find_mounts() {
  mounts=
  while read -r _ _ _ _ at _; do
    case $at in *\\*) at=$(printf "$(printf '%s' "$at" | sed 's/%/%%/g')" && echo .) && at=${at%.} ;; esac
    case $at in "${work_dir%/}"/?*) mounts=$mounts${at#"${work_dir%/}/"}$nl ;; esac
  done < /proc/self/mountinfo 2> /dev/null || :
}

# Whether a path lies on another mount than the journal.
refuse_other_mount() {
  mount_of "$1"
  [ "$mount" = "$journal_mount" ] ||
    die "step $step ($what): it and the journal are on different file systems or mounts, and files are moved to the journal by renaming: nothing was changed; choose a folder on the same one by the variable JOURNAL at the top of this script"
}

# Sets `mount`, to the longest mount that a path of the work_dir is on or below.
mount_of() {
  mount='' mounts_left=$mounts
  while [ -n "$mounts_left" ]; do
    at=${mounts_left%%"$nl"*}
    mounts_left=${mounts_left#*"$nl"}
    case $1/ in "$at"/*) [ "${#at}" -le "${#mount}" ] || mount=$at ;; esac
  done
}

# Whether two folders are on one device, by its number, or as `df` names it.
is_one_device() {
  devices=$(stat -c %d "$1" "$2" 2> /dev/null) || devices=$(df -P "$1" | sed -n '$s/ .*//p' && df -P "$2" | sed -n '$s/ .*//p')
  [ "${devices%%"$nl"*}" = "${devices#*"$nl"}" ]
}

find_journal_mount() {
  where=${JOURNAL:-$work_dir/$journals}
  until [ -d "$where" ]; do
    case $where in /*/*) where=${where%/*} ;; *) where=/ ;; esac
  done
  is_one_device "$where" meta ||
    die "meta and the journal's folder are on different file systems, and files are moved to the journal by renaming: nothing was changed; choose a folder on the same one by the variable JOURNAL at the top of this script"
  case $where/ in
    "${work_dir%/}"/*)
      where=${where#"${work_dir%/}"}
      mount_of "${where#/}"
      journal_mount=$mount
      ;;
    *) journal_mount= ;;
  esac
}

run_steps() {
  find_progress tidy
  # From here on nothing but a kill is to stop this in the middle.
  trap '' HUP INT TERM PIPE
  phase=steps
  log_begin apply || die "the journal's log cannot be written: nothing was changed"
  step=$((progress + 1))
  while [ "$step" -le "$STEPS" ]; do
    log_step apply
    if ! forward; then
      failed="step $step ($what): it $why"
      roll_back
      die "$failed; what was done has been taken back"
    fi
    say "step $step of $STEPS: $what"
    step=$((step + 1))
  done
  log_end applied
  sync_disk
  phase=
}

# Takes back the steps that are done, the last first.
take_back() {
  left=$progress
  while [ "$left" -gt 0 ]; do
    step=$left
    [ "$1" = quietly ] || log_step undo
    backward || return 1
    [ "$1" = quietly ] || say "step $step of $STEPS taken back: $what"
    left=$((left - 1))
  done
  give_back_times
}

roll_back() {
  find_progress tidy
  log_begin undo || :
  if ! take_back quietly; then
    sync_disk
    die "$failed. Then step $step ($what): it $why. $left of $STEPS steps are done: when the cause is gone, run this script again, or with undo"
  fi
  log_end rolled-back
  sync_disk
}

# Looks whether what is done can be taken back without overwriting anything.
refuse_to_overwrite() {
  step=$progress left=$progress changed=0
  forget_digests
  while [ "$step" -gt 0 ]; do
    load_step
    read_ahead left
    # What a later step has made of the path is looked at there.
    if [ -z "$later" ] || [ "$later" -gt "$progress" ]; then
      if is_reachable "$path" && is_unchanged; then :; else tell_changed; fi
    fi
    is_kept_whole || tell_changed
    step=$((step - 1))
  done
  forget_digests
  [ "$changed" = 0 ] || die "the tree has changed since in $changed places: nothing was taken back"
}

run_undo() {
  find_progress tidy
  refuse_to_overwrite
  trap '' HUP INT TERM PIPE
  phase=steps
  log_begin undo || die "the journal's log cannot be written: nothing was changed"
  of=$progress
  if ! take_back loudly; then
    sync_disk
    die "step $step ($what): it $why. $left of $of steps are left to take back: when the cause is gone, run this with undo again"
  fi
  log_end undone
  sync_disk
  phase=
}

# Gives folders the times that they had, where they hold the same names again.
give_back_times() {
  at=1
  while [ "$at" -le "$FOLDERS" ]; do
    "folder_$at"
    noted=$journal/times/$at
    if is_reachable "$path/." && first_line "$noted" && names_digest "$path" && [ "$names_there" = "$line" ]; then
      touch -c -m -r "$noted" "$path" || say "  note: $shown did not get its time back"
    fi
    at=$((at + 1))
  done
}
