#!/bin/sh
# Every C file says its licence and a header guards itself.
. "${0%/*}/lib.sh"

c_files | xargs awk 'FNR == 1 && $0 != "/* SPDX-License-Identifier: BSD-2-Clause */" { print FILENAME }' |
	refuse 'The first line is: /* SPDX-License-Identifier: BSD-2-Clause */'
c_files src include | grep '\.h$' | xargs grep -L '^#pragma once' |
	refuse 'A header has #pragma once.'
