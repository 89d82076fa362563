#!/bin/sh
# Every C file says its licence and a header guards itself.
. "${0%/*}/lib.sh"

for file in $(c_files); do
	[ "$(head -n 1 "$file")" = '/* SPDX-License-Identifier: BSD-2-Clause */' ] || echo "$file"
done | refuse 'The first line is: /* SPDX-License-Identifier: BSD-2-Clause */'
c_files src include | grep '\.h$' | xargs grep -L '^#pragma once' |
	refuse 'A header has #pragma once.'
