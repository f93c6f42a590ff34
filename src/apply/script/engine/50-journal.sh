# The journal: a folder with what is taken away in `kept`, what is put in in `new`, each under the number of its step, and
# the record. It is laid out as `mesos-ckpt prune --apply` does, and `mesos-ckpt undo` takes it back as well as this does.

journal=

# Whether this run made the journal, and has done nothing by it yet.
is_made_now=no

# The journal's path, for a screen.
shown_journal() {
  case $journal in /*) shown "$journal" ;; *) shown "${work_dir%/}/$journal" ;; esac
}

# Sets `found`, to the journal of a folder among the journals: another folder where it was made elsewhere.
find_folder() {
  found=$1
  [ -f "$found/elsewhere" ] || return 0
  found=$(cat "$found/elsewhere" && echo .) || return 1
  # One that a kill has cut short leads anywhere.
  case $found in *"$nl.") found=${found%"$nl."} ;; *) found=$1 ;; esac
}

# Goes through all journals of this tree. Sets `journal` and `id` to the newest of this plan, where there is one; refuses where
# one of another plan ended too early.
find_journals() {
  journal='' id=''
  for each in mesos-ckpt/[0-9][0-9][0-9][0-9]-*Z* meta/.mesos-ckpt/[0-9][0-9][0-9][0-9]-*Z*; do
    [ -d "$each" ] || continue
    find_folder "$each"
    record=$found/journal.jsonl
    if [ ! -f "$record" ]; then
      [ "$1" = look ] || drop_unwritten "$each" "$found"
      continue
    fi
    first=
    IFS= read -r first < "$record" || :
    case $first in *'"meta":"meta"'*) ;; *) continue ;; esac
    case $first in
      *"\"plan\":\"$PLAN\""*)
        journal=$found
        id=${each##*/}
        ;;
      *) refuse_unfinished "$found" ;;
    esac
  done
}

refuse_unfinished() {
  case $(tail -n 1 "$1/journal.jsonl") in
    '{"log":"end","ending":"stopped"'*) ;;
    '{"log":"end",'*) return 0 ;;
  esac
  # What was never begun changed nothing.
  if [ -z "$(ls -A "$1/kept" 2> /dev/null)" ] && ! grep -q '^{"log":"step",' "$1/journal.jsonl"; then return 0; fi
  die "the journal $(shown "$1") is of another plan, whose run ended too early: go on with it, or take it back (mesos-ckpt undo, or its own script), first"
}

# Takes away what a run has left that was killed before its record was there: nothing was changed by it.
drop_unwritten() {
  # It may lie on a file system that is not mounted now.
  if [ ! -d "$2" ]; then
    warn "the journal $(shown "$2") is not there, and is left alone"
    return 0
  fi
  if [ -n "$(ls -A "$2/kept" 2> /dev/null)" ]; then
    warn "the record of $(shown "$2") is gone, and what was taken lies in kept: it is left alone"
    return 0
  fi
  empty_journal "$2"
  rm -f "$1/elsewhere" "$1/elsewhere.new"
  rmdir "$1" 2> /dev/null || :
}

# Of what lies in `kept`, which is the tree's, nothing is taken away; and nothing that a journal does not hold.
empty_journal() {
  rm -f "$1/journal.jsonl" "$1/journal.jsonl.new" || return 0
  for each_slot in "$1"/new/[1-9]* "$1"/times/[1-9]*; do
    case ${each_slot##*/} in *[!0-9]*) continue ;; esac
    if [ -d "$each_slot" ] && [ ! -L "$each_slot" ]; then rmdir "$each_slot"; else rm -f "$each_slot"; fi
  done
  rmdir "$1/new" "$1/times" "$1/kept" 2> /dev/null || :
}

make_journal() {
  again=1
  now
  made=$moment
  # Colons do not stand in a name.
  id=${made%%:*}-${made#*:}
  id=${id%%:*}-${id#*:}
  until mkdir -m 700 "$journals/$id" 2> /dev/null; do
    again=$((again + 1))
    [ "$again" -lt 100 ] || die "no journal can be made in $journals of the work_dir: nothing was changed"
    id=${id%Z*}Z-$again
  done
  journal=$journals/$id
  if [ -n "$JOURNAL" ]; then make_journal_elsewhere; fi
  mkdir -m 700 "$journal/kept" "$journal/new" "$journal/times" || die "no journal can be made in $(shown_journal): nothing was changed"
}

make_journal_elsewhere() {
  if [ -d "$JOURNAL" ]; then
    [ -z "$(ls -A "$JOURNAL")" ] || die "the folder for the journal is not empty: choose a new one, by the variable JOURNAL at the top of this script"
  else
    mkdir -m 700 "$JOURNAL" || die 'the folder for the journal cannot be made: nothing was changed'
  fi
  real=$(cd "$JOURNAL" && pwd -P && echo .) || die 'the folder for the journal cannot be opened'
  real=${real%"$nl."}
  case $real/ in
    "$work_dir/meta/"* | "$work_dir/slaves/"*) die "the journal's folder is in meta or slaves, which is the agent's: choose another" ;;
  esac
  printf '%s\n' "$real" > "$journal/elsewhere.new" && mv -f "$journal/elsewhere.new" "$journal/elsewhere" ||
    die 'no journal can be made: nothing was changed'
  journal=$real
}

# Takes away a journal that was not begun: it holds nothing that is not in the tree.
drop_journal() {
  [ -n "$journal" ] || return 0
  empty_journal "$journal"
  if [ "$journal" != "$journals/$id" ]; then rmdir "$journal" 2> /dev/null || :; fi
  rm -f "$journals/$id/elsewhere" "$journals/$id/elsewhere.new"
  rmdir "$journals/$id" 2> /dev/null || :
  journal=
}

# Writes what is to be done. When the record has its name, its folder is a journal.
write_record() {
  {
    printf '{"schemaVersion":1,"kind":"mesos-ckpt-journal","id":"%s","made":"%s","by":"%s","host":"%s","workDir":"' \
      "$id" "$made" "$BY" "$host" && json_text "$work_dir" && printf '","meta":"meta","plan":"%s","steps":%s,"folders":%s}\n' \
      "$PLAN" "$STEPS" "$FOLDERS" && record_steps && record_folders
  } > "$journal/journal.jsonl.new" || die "the record cannot be written in $(shown_journal): nothing was changed"
  sync_disk
  mv -f "$journal/journal.jsonl.new" "$journal/journal.jsonl" || die "the record cannot be written in $(shown_journal): nothing was changed"
  is_made_now=yes
}

record_steps() {
  step=1
  while [ "$step" -le "$STEPS" ]; do
    times_ahead
    load_step
    # A file's time is part of what mesos-ckpt goes by, where it goes on with this.
    modified=0
    case $was in file) take_time || modified=0 ;; esac
    "record_$step" || return 1
    step=$((step + 1))
  done
}

# Sets `all_times`, to when the files of the next steps were modified, a line each, with one process; to nothing where that
# cannot be told of each.
times_ahead() {
  [ "$((step % AT_ONCE))" = 1 ] || return 0
  first_step=$step
  set --
  while [ "$step" -le "$STEPS" ] && [ "$((step - first_step))" -lt "$AT_ONCE" ]; do
    load_step
    case $was in file) set -- "$@" "$path" ;; esac
    step=$((step + 1))
  done
  step=$first_step all_times=
  [ "$#" = 0 ] || all_times=$(stat -c '%Y %y' "$@" 2> /dev/null) || all_times=
}

# Sets `modified`, of the file of this step.
take_time() {
  if [ -z "$all_times" ]; then
    modified_of "$path"
    return
  fi
  modified_by "${all_times%%"$nl"*}"
  all_times=${all_times#*"$nl"}
}

record_folders() {
  at=1
  while [ "$at" -le "$FOLDERS" ]; do
    "folder_$at"
    names=$listed
    case $digest in sha256) first_line "$journal/times/$at" && names=$line ;; esac
    # Where this host does not tell the time, the names are those of no folder, so that none is given.
    modified_of "$path" || modified=0 names=0000000000000000000000000000000000000000000000000000000000000000
    printf '{"folder":"%s","modified":"%s","names":"%s"}\n' "$json" "$modified" "$names" || return 1
    at=$((at + 1))
  done
}

# Adds a line to the log. What cannot be written, because the disk is full, is found out from the tree.
log() {
  printf '%s\n' "$1" >> "$journal/journal.jsonl"
}

# A line that a kill has cut short must not be one with the next.
end_torn_line() {
  [ -z "$(tail -c 1 "$journal/journal.jsonl")" ] || echo >> "$journal/journal.jsonl"
}

log_begin() {
  if [ "$is_made_now" = yes ]; then
    begun=$made is_made_now=no
  else
    now
    begun=$moment
    end_torn_line || return 1
  fi
  log "{\"log\":\"begin\",\"direction\":\"$1\",\"at\":\"$begun\",\"pid\":$$}"
}

log_step() {
  log "{\"log\":\"step\",\"step\":$step,\"direction\":\"$1\",\"at\":\"$begun\"}" || :
}

log_end() {
  now
  log "{\"log\":\"end\",\"ending\":\"$1\",\"at\":\"$moment\"}" || warn "the journal's log cannot be written"
}

# Sets `ending`, to how the journal's last run ended; to nothing where it did not.
read_log() {
  case $(tail -n 1 "$journal/journal.jsonl") in
    '{"log":"end","ending":"applied"'*) ending=applied ;;
    '{"log":"end","ending":"undone"'*) ending=undone ;;
    '{"log":"end","ending":"rolled-back"'*) ending=rolled-back ;;
    *) ending= ;;
  esac
}
