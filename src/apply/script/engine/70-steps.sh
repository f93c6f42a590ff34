# The steps. Each is one rename, after a look at whether all is as it was when the plan was made.

# Sets what step `step` is about.
load_step() {
  kind='' path='' what='' was=absent size='' sha256='' cksum='' link=''
  target='' like='' made_size='' made_sha256='' made_cksum='' is_first=yes later='' inside=''
  "step_$step"
}

# As many steps as are looked at with one process.
AT_ONCE=64

# Reads the files of this step and of those about it with one process, so that `has_content` knows them: those that the plan
# `found`, those that were `made` for it, or what a run has `left`, at the paths and in the journal. It is for a look at all
# steps: before something is changed, the digests are forgotten.
read_ahead() {
  chunk=$(((step - 1) / AT_ONCE))
  [ "$known_of" != "$1 $chunk" ] || return 0
  known_of="$1 $chunk" reading=$1 this_step=$step
  step=$((chunk * AT_ONCE + 1)) behind=$((chunk * AT_ONCE + AT_ONCE + 1))
  set --
  while [ "$step" -le "$STEPS" ] && [ "$step" -lt "$behind" ]; do
    load_step
    case $reading:$kind:$was in
      # What the disk does not give has a digest of zeros.
      found:*:file) case $is_first:$sha256 in yes:*[!0]*) set -- "$@" "$path" ;; esac ;;
      made:cut:* | made:create-file:*) set -- "$@" "$journal/new/$step" ;;
      left:cut:*) set -- "$@" "$path" "$journal/kept/$step" ;;
      left:create-file:*) set -- "$@" "$path" ;;
      left:set-aside:file) set -- "$@" "$journal/kept/$step" ;;
    esac
    step=$((step + 1))
  done
  step=$this_step
  load_step
  read_digests "$@"
}

forget_digests() {
  known_of='' digests=''
}

# Sets `state`, by the journal's two places: its log may be torn. A cut file is named twice for a moment: its old bytes, or its
# new ones, lie in the journal and in the tree. With `tidy`, a second name that a run left behind is taken away.
look_at_step() {
  kept=$journal/kept/$step
  new=$journal/new/$step
  is_kept=no is_new=no
  if [ -e "$kept" ] || [ -L "$kept" ]; then is_kept=yes; fi
  if [ -e "$new" ] || [ -L "$new" ]; then is_new=yes; fi
  case $kind$is_kept$is_new in
    set-asideyes*) state=done ;;
    set-aside*) state=ready ;;
    cutno*) state=ready ;;
    cutyesno) state=done ;;
    cutyesyes)
      if [ ! -L "$path" ] && is_same_file "$path" "$kept"; then
        state=ready
        [ "$1" != tidy ] || rm -f "$kept"
      elif [ ! -L "$path" ] && is_same_file "$path" "$new"; then
        state=done
        [ "$1" != tidy ] || rm -f "$new"
      else
        die "$what: the file was replaced since, and a run that was interrupted cannot be gone on with"
      fi
      ;;
    *yes) state=ready ;;
    *no) state=done ;;
  esac
}

# Sets `progress`: the first so many steps are done, and no others.
find_progress() {
  progress=0 is_over=no step=1
  while [ "$step" -le "$STEPS" ]; do
    load_step
    look_at_step "$1"
    case $state$is_over in
      doneno) progress=$step ;;
      ready*) is_over=yes ;;
      *) die "$(shown_journal) is no journal of this tree: step $step is done, and step $((progress + 1)) is not" ;;
    esac
    step=$((step + 1))
  done
}

# Carries out step `step`. Sets `why` where it cannot be.
forward() {
  load_step
  is_reachable "$path" || return 1
  why='cannot be changed'
  case $kind in
    set-aside)
      is_as_planned "$path" || return 1
      why='cannot be moved into the journal'
      mv -f "$path" "$journal/kept/$step"
      ;;
    cut)
      is_as_planned "$path" || return 1
      why='cannot be kept: no second name of it can be made'
      ln "$path" "$journal/kept/$step" || return 1
      why='cannot be replaced'
      mv -f "$journal/new/$step" "$path"
      ;;
    *)
      was=absent
      is_as_planned "$path" || return 1
      why='cannot be put in'
      mv -f "$journal/new/$step" "$path"
      ;;
  esac
}

# Takes step `step` back.
backward() {
  load_step
  could=yes
  case $kind in cut) read_digests "$path" "$journal/kept/$step" ;; esac
  is_reachable "$path" && is_unchanged && is_kept_whole || could=no
  digests=
  [ "$could" = yes ] || return 1
  why='cannot be put back'
  case $kind in
    set-aside) mv -f "$journal/kept/$step" "$path" ;;
    cut) ln "$path" "$journal/new/$step" && mv -f "$journal/kept/$step" "$path" ;;
    *) mv -f "$path" "$journal/new/$step" ;;
  esac
}

# Whether what a step has left at its path is still that.
is_unchanged() {
  look "$path"
  describe "$there"
  is="is $described"
  case $kind$there in
    set-asideabsent) return 0 ;;
    set-aside*)
      why="$is, which would be overwritten"
      return 1
      ;;
    cutfile | create-filefile)
      has_content "$path" "$made_size" "$made_sha256" "$made_cksum" && return 0
      why='was written to since: what was written would be lost'
      return 1
      ;;
    create-linklink) target_of "$path" && [ "$target_there" = "$target" ] && return 0 ;;
    create-folderfolder)
      count_done "$inside"
      count_names "$path"
      [ "$many" = "$done_inside" ] && return 0
      is='holds something by now'
      ;;
  esac
  why="$is, and no longer what was put there"
  return 1
}

# Sets `done_inside`, to how many of these steps are done and not taken back yet.
count_done() {
  done_inside=0
  for each in $1; do
    [ "$each" -gt "${left:-0}" ] || done_inside=$((done_inside + 1))
  done
}

# Whether the journal holds what it should of a step.
is_kept_whole() {
  case $kind in set-aside | cut) ;; *) return 0 ;; esac
  is_as_planned "$journal/kept/$step" && return 0
  why='is not in the journal as it was taken'
  return 1
}
