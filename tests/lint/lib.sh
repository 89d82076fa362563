# What the lints share. A lint gets the source folder and says what it found as file:line; 77 means that it could not look.

set -eu
cd "$1"

# The C files of the project or of the folders named, one a line.
c_files() {
	[ $# -gt 0 ] || set -- src include tests
	find "$@" -name '*.[ch]' -type f | LC_ALL=C sort
}

# Ends with 1 and the message if anything stands on standard input.
refuse() {
	found=$(cat)
	[ -n "$found" ] || return 0
	printf '%s\n%s\n' "$found" "$1" >&2
	exit 1
}

skip() {
	printf 'not looked: %s\n' "$1" >&2
	exit 77
}

# The files named on standard input as file:line:code, comments gone; with "strings" the text of string literals too.
code() {
	xargs awk -v strings="${1:-}" '
	FNR == 1 { comment = 0 }
	{
		line = $0; code = ""
		while (line != "") {
			if (comment) {
				end = index(line, "*/")
				if (!end) break
				line = substr(line, end + 2); comment = 0
			} else if (match(line, /"([^"\\]|\\.)*"|'\''([^'\''\\]|\\.)'\''|\/\*|\/\//)) {
				token = substr(line, RSTART, RLENGTH)
				code = code substr(line, 1, RSTART - 1)
				line = substr(line, RSTART + RLENGTH)
				if (token == "//") break
				if (token == "/*") comment = 1
				else code = code (strings ? "\"\"" : token)
			} else { code = code line; break }
		}
		print FILENAME ":" FNR ":" code
	}'
}
