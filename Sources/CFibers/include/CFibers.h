// SPDX-License-Identifier: MIT
// Mechanism without policy: what the Swift side cannot express itself. Each header says why it exists.
#ifndef FIBERS_CFIBERS_H
#define FIBERS_CFIBERS_H

#include "fibers_context.h"
#include "fibers_file.h"
#include "fibers_folder.h"
#include "fibers_guard.h"
#include "fibers_inbox.h"
#include "fibers_list.h"
#include "fibers_loop.h"
#include "fibers_names.h"
#include "fibers_overflow.h"
#include "fibers_process.h"
#include "fibers_scheduler.h"
#include "fibers_socket.h"
#include "fibers_stack.h"
#include "fibers_stream.h"
#include "fibers_thread.h"
#include "fibers_udp.h"
#include "fibers_unix.h"
#include "fibers_watch.h"

#endif
