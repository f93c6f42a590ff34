# The commands.

usage() {
  cat << USAGE
Usage: sh $script [apply | check | undo] [--force] [WORK_DIR]

apply  (or nothing) carries the plan out; goes on where a run was killed
check  looks whether it could be carried out, and changes nothing
undo   takes back what was done, to the byte
WORK_DIR is $SHOWN_HOME unless given. --force does it although an agent runs on the tree, because it is known to be a copy.

Exit codes: 0 done as planned; 2 done, and a strict start would not come up; 3 it could not be done
USAGE
}

read_arguments() {
  command='' force=no given=''
  for argument in "$@"; do
    case $argument in
      --force) force=yes ;;
      -h | --help | help)
        usage
        exit 0
        ;;
      -*) die "$(shown "$argument") is no option: sh $script --help lists them" ;;
      *)
        if [ -z "$command" ] && [ -z "$given" ]; then
          case $argument in
            apply | check | plan | undo)
              command=$argument
              continue
              ;;
          esac
        fi
        [ -z "$given" ] || die 'only one WORK_DIR can be given'
        given=$argument
        ;;
    esac
  done
  command=${command:-apply}
}

enter_work_dir() {
  asked=$given
  set_home
  home=$given
  given=${asked:-$home}
  case $given in /*) ;; *) given=./$given ;; esac
  cd -P "$given" 2> /dev/null || die "there is no folder $(shown "$given"): give the agent's work_dir"
  work_dir=$PWD
  # shellcheck disable=SC3013 # dash, bash and busybox have it.
  if [ . -ef "$home" ]; then is_at_home=yes; else is_at_home=no; fi
  [ -d meta ] || die "there is no meta in $(shown "$given"): give the agent's work_dir"
  [ ! -L meta ] || die "meta in $(shown "$given") is a link, and links are not followed for writing: give the work_dir that it leads to"
}

# What the rehearsal took for granted of the host's boot.
refuse_rebooted() {
  [ -f meta/boot_id ] || return 0
  first_line /proc/sys/kernel/random/boot_id || return 0
  if [ "$(tr -d '[:space:]' < meta/boot_id)" = "$line" ]; then rebooted=no; else rebooted=yes; fi
  [ "$rebooted" != "$REBOOTED" ] || return 0
  case $REBOOTED in
    no) text='the plan was rehearsed for a host that was not rebooted, and by meta/boot_id this one was' ;;
    *) text='the plan was rehearsed for a host that was rebooted, and by meta/boot_id this one was not' ;;
  esac
  [ "$is_at_home" = no ] || [ "$force" = yes ] || die "$text: nothing was changed; make another plan, or give --force"
  say "Note: $text. On the host that the plan is for, make another plan."
}

leave() {
  status=$?
  case $status in 0 | "$OUTCOME" | 129 | 130 | 143) ;; *) status=$COULD_NOT ;; esac
  trap '' HUP INT TERM PIPE
  if [ "$phase" = staging ]; then drop_journal; fi
  release_lock
  exit "$status"
}

apply() {
  refuse_while_running
  take_lock
  find_journals tidy
  if [ -n "$journal" ]; then
    read_log
    case $ending in
      applied)
        look_for_sandboxes
        say "The plan has been carried out already. $OUTCOME_TEXT$sandbox_text"
        tell_journal
        return "$OUTCOME"
        ;;
      '')
        say "Going on with $(shown_journal)."
        run_steps
        finish
        return "$OUTCOME"
        ;;
    esac
  fi
  journal=
  find_journal_mount
  refuse_changed
  refuse_rebooted
  refuse_missing_sandboxes
  refuse_while_running
  phase=staging
  make_journal
  stage_folders
  stage_steps
  write_record
  run_steps
  finish
  return "$OUTCOME"
}

finish() {
  look_for_sandboxes
  say "Done: $STEPS of $STEPS steps. $OUTCOME_TEXT$sandbox_text"
  tell_journal
}

# Where what was taken is, and the command that takes it back, on a line of its own.
tell_journal() {
  say "What was taken is kept in $(shown_journal). To take it back:"
  say "  $undo_command"
}

check() {
  refuse_while_running
  find_journals look
  if [ -n "$journal" ]; then
    read_log
    case $ending in
      applied)
        look_for_sandboxes
        say "The plan has been carried out already. $OUTCOME_TEXT$sandbox_text"
        tell_journal
        return "$OUTCOME"
        ;;
      '')
        find_progress look
        say "A run ended too early, with $progress of $STEPS steps done: run this without check to go on, or with undo."
        return "$OUTCOME"
        ;;
    esac
  fi
  find_journal_mount
  refuse_changed
  refuse_rebooted
  refuse_missing_sandboxes
  step=1
  while [ "$step" -le "$STEPS" ]; do
    load_step
    say "step $step of $STEPS would: $what"
    step=$((step + 1))
  done
  say "Every file is as the plan saw it, and nothing was changed. $OUTCOME_TEXT$sandbox_text"
  return "$OUTCOME"
}

undo() {
  refuse_while_running
  take_lock
  find_journals tidy
  if [ -z "$journal" ]; then
    say "There is nothing to take back: no journal of this plan is in $(shown "${work_dir%/}/$journals")."
    return 0
  fi
  read_log
  case $ending in
    undone | rolled-back)
      say 'There is nothing to take back: it has been taken back already.'
      return 0
      ;;
  esac
  run_undo
  say 'All has been taken back: what was changed is as it was, to the byte.'
}

# What the shell and the commands were told by whoever starts this must not change what they do: patterns that match nothing
# would hide an agent, and `ls` is read here.
settle_shell() {
  set +f +C
  if (set +o pipefail) 2> /dev/null; then set +o pipefail; fi
  unset CDPATH GLOBIGNORE GREP_OPTIONS QUOTING_STYLE TIME_STYLE BLOCK_SIZE BLOCKSIZE LS_BLOCK_SIZE DF_BLOCK_SIZE
  if [ -n "${BASH_VERSION:-}" ]; then shopt -u dotglob failglob nocaseglob nocasematch nullglob; fi
  LC_ALL=C
  export LC_ALL
  umask 077
}

main() {
  settle_shell
  set -eu
  script=$0 phase='' lock='' journal=''
  # Read from standard input, it has no name.
  [ -f "$script" ] || script=FILE
  read_arguments "$@"
  find_tools
  enter_work_dir
  find_mounts
  find_seat
  word "$script"
  undo_command="sh $typed undo"
  if [ -n "$asked" ]; then
    word "$given"
    undo_command="$undo_command $typed"
  fi
  [ "$force" = no ] || say 'Agents that run on this tree are not looked for, as --force was given.'
  trap leave EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  case $command in
    apply) apply ;;
    check | plan) check ;;
    undo) undo ;;
  esac
}
