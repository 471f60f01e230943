// SPDX-License-Identifier: MIT Mechanism without policy: OpenSSL's macros and callbacks, which Swift cannot use, and
// its error queue. That belongs to the thread, so each function here empties it first and reads it last: no fiber can
// park in between.
#ifndef FIBERS_CFIBERS_TLS_H
#define FIBERS_CFIBERS_TLS_H

#include "fibers_tls_context.h"
#include "fibers_tls_session.h"

#endif
