// SPDX-License-Identifier: MIT
#include <openssl/ssl.h>
