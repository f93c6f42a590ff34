# Processes that a tree must not be changed under: agents that were started on it, and what writes to its `meta`.

refuse_while_running() {
  [ "$force" = no ] || return 0
  [ -r /proc/self/cmdline ] || die '/proc is not there, so no agent could be seen: mount it, or give --force for a copy'
  refuse_unseen
  find_candidates
  looked_at=" $$ "
  for candidate in $candidates; do
    pid=${candidate#/proc/}
    pid=${pid%%/*}
    process=/proc/$pid
    case $looked_at in *" $pid "*) continue ;; esac
    looked_at="$looked_at$pid "
    refuse_agent
  done
  refuse_writers
}

# Another user's processes do not show what they have open, and where /proc is mounted so, not even that they are there.
refuse_unseen() {
  uid=${uid:-$(id -u)}
  [ "$uid" != 0 ] || return 0
  unseen=0
  for process in /proc/[0-9]*; do
    [ -r "$process/fd" ] || [ ! -d "$process" ] || unseen=$((unseen + 1))
  done
  if grep -q '^[^ ]* /proc proc [^ ]*hidepid=[^0o]' /proc/mounts 2> /dev/null; then unseen=some; fi
  [ "$unseen" = 0 ] || die "$unseen processes of others could not be looked into, and one may be the agent: run this as root (--force is for a tree that is known to be a copy)"
}

# Sets `candidates`, to a file in `/proc` of each process that has an agent's name somewhere; of some there are several.
find_candidates() {
  candidates=$(
    grep -l -s -E 'mesos-|clusterd-' /proc/[0-9]*/cmdline /proc/[0-9]*/comm || :
    ls -l /proc/[0-9]*/exe 2> /dev/null | sed -n 's|^[^/]* \(/proc/[0-9]*/exe\) -> .*/\(lt-\)\{0,1\}\(mesos\|clusterd\)-.*|\1|p'
  )
}

# Refuses over process `pid`: REASON.
running() {
  die "process $pid runs on this tree: $1. Stop the agent first; --force is for a tree that is known to be a copy"
}

# Whether a path ends in the name of an agent's executable: of Mesos before and since 1.0, of its fork, as libtool starts
# them, and with a version behind the name.
is_agent_name() {
  program=${1##*/}
  program=${program#lt-}
  case $program in mesos-agent* | mesos-slave* | clusterd-agent* | clusterd-slave*) ;; *) return 1 ;; esac
  program=${program#*-}
  program=${program#agent}
  program=${program#slave}
  case $program in
    '') return 0 ;;
    *[!A-Za-z0-9_.+~-]*) return 1 ;;
    [0-9]* | v[0-9]* | [-_.][0-9]* | [-_.]v[0-9]*) return 0 ;;
  esac
  return 1
}

# Looks at `process` as at an agent. One that does not show its work_dir is taken for one of this tree.
refuse_agent() {
  # One that has ended, and that its parent has not yet taken note of, is gone.
  start_of "$pid"
  [ -n "$start" ] || return 0
  arguments=$(tr '\000' '\012' 2> /dev/null < "$process/cmdline") 2> /dev/null || return 0
  read_flags
  first_line "$process/comm" || :
  if [ "$kind" = other ] && ! is_agent_name "$line"; then
    executable=$(readlink "$process/exe" 2> /dev/null) || executable=
    is_agent_name "${executable% (deleted)}" || return 0
  fi
  [ -d "$process" ] || return 0
  case $has_flag in
    yes) ;;
    *)
      environment=$(tr '\000' '\012' 2> /dev/null < "$process/environ") 2> /dev/null ||
        running 'it is an agent, and its environment, which may tell its work_dir, cannot be read'
      value=$(printf '%s\n' "$environment" | sed -n '/^[Mm][Ee][Ss][Oo][Ss]_[Ww][Oo][Rr][Kk]_[Dd][Ii][Rr]=/{s/^[^=]*=//p;q;}')
      [ -n "$value" ] || return 0
      ;;
  esac
  case $value in
    file://*) value=$(cat "$process/root${value#file://}" 2> /dev/null) || running 'it is an agent, and the file that tells its work_dir cannot be read' ;;
  esac
  case $value in
    /*) ;;
    *)
      from=$(readlink "$process/cwd") || running 'it is an agent, and its work_dir is relative to a folder that cannot be read'
      value=$from/$value
      ;;
  esac
  if is_of_tree "$value"; then running 'it is an agent of this work_dir'; fi
}

# Sets `kind` by `arguments`, a line each: agent or other; `has_flag`, and `value` to the work_dir where they have one. What
# runs an agent in itself, such as an emulator or a debugger, has it among its arguments, and its flags behind it.
read_flags() {
  kind=other has_flag=no value='' at=0 is_value=no is_named=no
  while IFS= read -r argument; do
    at=$((at + 1))
    if [ "$is_value" = yes ]; then
      value=$argument is_value=no
      continue
    fi
    if is_agent_name "$argument"; then
      is_named=yes
      if [ "$at" -le 2 ]; then kind=agent; fi
    fi
    case $argument in
      --work_dir=* | --work-dir=*) value=${argument#*=} ;;
      --work_dir | --work-dir) is_value=yes ;;
      *) continue ;;
    esac
    has_flag=yes
    if [ "$is_named" = yes ]; then kind=agent; fi
  done << ARGUMENTS
$arguments
ARGUMENTS
}

# Whether a path is this tree to a process: in a container it may be another, and a link in there leads elsewhere.
is_of_tree() {
  if [ "$process/root$1" -ef . ] || [ "$1" -ef . ]; then return 0; fi
  if [ "$process/root" -ef / ]; then return 1; fi
  inside=$1 seen=$process/root
  while [ -n "$inside" ]; do
    inside=${inside#/}
    part=${inside%%/*}
    case $inside in */*) inside=/${inside#*/} ;; *) inside='' ;; esac
    [ -n "$part" ] || continue
    seen=$seen/$part
    # Where a link leads in a container is not found out here.
    if [ -L "$seen" ] || [ ! -e "$seen" ]; then return 0; fi
  done
  return 1
}

# What has a file of `meta` open for writing; an executor writes to its sandbox, and a backup reads.
refuse_writers() {
  # What is open for writing below a `meta`, each behind the name of its folder.
  opened_files=$(ls -l /proc/[0-9]*/fd 2> /dev/null | sed -n -e '/^\/proc\/[0-9]*\/fd:$/{h;d;}' -e '/^l.w.* -> .*\/meta\//{x;p;x;p;}')
  writer='' pid=''
  while IFS= read -r line; do
    case $line in
      /proc/[0-9]*/fd:)
        pid=${line#/proc/}
        pid=${pid%/fd:}
        ;;
      l?w*" -> $work_dir/meta/"*)
        writer=$pid
        ;;
      l?w*' -> '*/meta/*)
        # The tree may be mounted elsewhere, too.
        opened=${line%% -> *}
        opened=/proc/$pid/fd/${opened##* }
        seen=${line#* -> }
        if [ "$opened" -ef "meta/${seen#*/meta/}" ]; then writer=$pid; fi
        ;;
    esac
    [ -z "$writer" ] || running 'it has a file of meta open for writing'
  done << OPENED
$opened_files
OPENED
}
