# The sandboxes of live runs: the agent aborts where one is not there, and the plan may have been made of a copy without them.

look_for_sandbox() {
  live=$((live + 1))
  if [ -e "$path" ]; then return 0; fi
  missing=$((missing + 1))
  [ "$missing" -gt 10 ] || warn "the sandbox $(shown "$path") is not there"
}

# Sets `missing`, and what the start will come to where one is missing. A copy of `meta` alone holds none.
look_for_sandboxes() {
  live=0 missing=0 sandbox_text=''
  if [ "$is_at_home" = no ] && [ ! -e slaves ] && [ ! -L slaves ]; then
    sandbox_text=' Sandboxes were not checked: there is no folder slaves here.'
    return 0
  fi
  each_sandbox look_for_sandbox
  if [ "$missing" -gt 0 ]; then
    [ "$missing" -le 10 ] || warn "and $((missing - 10)) more"
    OUTCOME=2
    OUTCOME_TEXT="But the agent would abort over $missing of $live live runs without a sandbox."
  elif [ "$live" -gt 0 ]; then
    sandbox_text=' The sandbox of each live run is there.'
  fi
}

# On the host that the plan is for, one that cannot do what it was made for is not begun.
refuse_missing_sandboxes() {
  look_for_sandboxes
  [ "$missing" = 0 ] || [ "$is_at_home" = no ] || [ "$force" = yes ] ||
    die "the agent would abort after this plan over $missing of $live live runs without a sandbox. Nothing was changed. See that the disk with slaves is mounted; else make another plan on this host, or from an archive that also holds the folders in slaves: it makes the missing ones"
}
