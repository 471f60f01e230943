// SPDX-License-Identifier: MIT
#include <uv.h>
