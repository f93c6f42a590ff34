# What all of it needs: texts, failures, and the tools that this host has.

nl='
'

say() {
  printf '%s\n' "$*" 2> /dev/null || :
}

warn() {
  printf '%s: %s\n' "$script" "$*" >&2 || :
}

die() {
  warn "$*"
  exit "$COULD_NOT"
}

# Whether a command is there.
has() {
  command -v "$1" > /dev/null 2>&1
}

find_tools() {
  for tool in cat chmod chown date find grep id ln ls mkdir mv od readlink rm rmdir sed sort sync tail touch tr uname; do
    has "$tool" || die "there is no $tool on this host: nothing was changed"
  done
  if has sha256sum; then
    digest=sha256
  elif has cksum; then
    digest=cksum
    say 'There is no sha256sum here: files are compared by their sizes and checksums (cksum).'
  else
    die 'there is neither sha256sum nor cksum on this host, so nothing tells whether files are as the plan saw them'
  fi
  # shellcheck disable=SC3013 # dash, bash and busybox have it.
  [ . -ef . ] || die 'this shell cannot tell whether two paths are one file (-ef): run the script with dash, bash or busybox sh'
}

# Waits until what was written is on the disk: the journal's file system alone, where `sync` can.
sync_disk() {
  sync -f "$journal" 2> /dev/null || sync
}

# Whether a text has nothing but characters that are seen as they are.
is_plain() {
  case $1 in *[!' '-~]*) return 1 ;; esac
}

# A text that is safe on a screen.
shown() {
  if is_plain "$1"; then printf '%s' "$1"; else printf '%s' "$1" | tr -c ' -~' '?'; fi
}

# Sets `typed`, to a word as it is typed.
word() {
  case $1 in
    '' | *[!A-Za-z0-9_@%+=:,./-]*) typed="'$(shown "$1" | sed "s/'/'\\\\''/g")'" ;;
    *) typed=$1 ;;
  esac
}

# Sets `moment`, to the time as journals have it.
now() {
  moment=$(date -u +%Y-%m-%dT%H:%M:%SZ)
}

# Sets `line`, to the first line of a file; to nothing where there is none.
first_line() {
  line=
  { IFS= read -r line < "$1"; } 2> /dev/null || [ -n "$line" ]
}

# A text as JSON has it between quotes: what is no UTF-8 is half of a surrogate pair, as mesos-ckpt writes it.
json_text() {
  case $1 in
    *[!' '-~]* | *[\"\\]*) ;;
    *)
      printf '%s' "$1"
      return
      ;;
  esac
  # shellcheck disable=SC2046 # The bytes are to be words.
  set -- $(printf '%s' "$1" | od -A n -v -t x1)
  while [ "$#" -gt 0 ]; do
    case $1 in
      22 | 5c) printf '%b' "\\0134" && raw_bytes "$1" ;;
      0? | 1? | 7f) printf '%s' "\\u00$1" ;;
      [2-7]?) raw_bytes "$1" ;;
      *)
        case "$1 ${2:-} ${3:-} ${4:-}" in
          c[2-9a-f]\ [89ab]?* | d?\ [89ab]?*) many=2 ;;
          e0\ [ab]?\ [89ab]?* | e[1-9abcef]\ [89ab]?\ [89ab]?* | ed\ [89]?\ [89ab]?*) many=3 ;;
          f0\ [9ab]?\ [89ab]?\ [89ab]? | f[1-3]\ [89ab]?\ [89ab]?\ [89ab]? | f4\ 8?\ [89ab]?\ [89ab]?) many=4 ;;
          *) many=1 ;;
        esac
        case $many in
          1) printf '%s' "\\udc$1" ;;
          2) raw_bytes "$1" "$2" && shift ;;
          3) raw_bytes "$1" "$2" "$3" && shift 2 ;;
          4) raw_bytes "$1" "$2" "$3" "$4" && shift 3 ;;
        esac
        ;;
    esac
    shift
  done
}

# Bytes that are given in hex.
raw_bytes() {
  for byte in "$@"; do
    byte=$((0x$byte))
    printf '%b' "\\0$((byte >> 6))$((byte >> 3 & 7))$((byte & 7))"
  done
}
