// SPDX-License-Identifier: MIT
// A fault in the guard of the current fiber's stack is a stack overflow: say so, then let the crash go on under the
// handler that was there before. Everything here is async-signal-safe.
#include "fibers_overflow.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fibers_scheduler.h"

#define SIGNAL_STACK_SIZE ((size_t)64 << 10)

static struct sigaction previous_segv;
static struct sigaction previous_bus;
typedef const char *(*name_function)(const fibers_fiber *);
static _Atomic(name_function) name_of_fiber;

typedef struct message {
    char text[1024];
    size_t length;
} message;

static void add_bytes(message *message, const char *bytes, size_t count) {
    const size_t room = sizeof(message->text) - message->length;
    if (count > room) count = room;
    memcpy(message->text + message->length, bytes, count);
    message->length += count;
}

static void add(message *message, const char *text) { add_bytes(message, text, strlen(text)); }

static void add_number(message *message, uint64_t number) {
    char digits[20];
    size_t first = sizeof(digits);
    do {
        first -= 1;
        digits[first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    add_bytes(message, digits + first, sizeof(digits) - first);
}

static void add_fiber(message *message, const fibers_fiber *fiber) {
    const name_function name_of = atomic_load(&name_of_fiber);
    const char *name = name_of(fiber);
    if (name != NULL) {
        add(message, "\"");
        add(message, name);
        add(message, "\"");
    } else {
        add(message, "#");
        add_number(message, fiber->id);
    }
}

static void report(const fibers_fiber *fiber) {
    message message = {.length = 0};
    add(&message, "stack overflow in fiber ");
    add_fiber(&message, fiber);
    add(&message, " (");
    add_number(&message, fiber->context.stack->size >> 10);
    add(&message, " KiB)");
    if (fiber->file != NULL) {
        add(&message, ", spawned at ");
        add(&message, fiber->file);
        add(&message, ":");
        add_number(&message, fiber->line);
    }
    add(&message, "; a larger stack is given by Fiber(stackSize:)\n");
    ssize_t ignored = write(STDERR_FILENO, message.text, message.length);
    (void)ignored;
}

static int is_overflow(const fibers_fiber *fiber, const void *address) {
    const fibers_stack *stack = fiber->context.stack;
    if (stack == NULL || stack->pool == NULL) return 0;
    const char *fault = address;
    return fault >= stack->base && fault < stack->base + FIBERS_STACK_GUARD;
}

static void fault_handler(int number, siginfo_t *info, void *context) {
    (void)context;
    const fibers_scheduler *scheduler = fibers_scheduler_current();
    if (scheduler != NULL && scheduler->current != NULL && is_overflow(scheduler->current, info->si_addr)) {
        report(scheduler->current);
    }
    // Returning repeats the fault, now under the previous handler. Only a signal that somebody sent is not repeated.
    sigaction(number, number == SIGSEGV ? &previous_segv : &previous_bus, NULL);
    if (info->si_code <= 0) raise(number);
}

static void install(void) {
    struct sigaction action = {.sa_sigaction = fault_handler, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, &previous_segv);
    sigaction(SIGBUS, &action, &previous_bus);
}

void fibers_overflow_install(const char *(*name_of)(const fibers_fiber *)) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    atomic_store(&name_of_fiber, name_of);
    pthread_once(&once, install);
}

void *fibers_overflow_enter_thread(void) {
    stack_t present;
    if (sigaltstack(NULL, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0) return NULL;
    stack_t signal_stack = {.ss_sp = malloc(SIGNAL_STACK_SIZE), .ss_size = SIGNAL_STACK_SIZE};
    if (signal_stack.ss_sp == NULL) return NULL;
    sigaltstack(&signal_stack, NULL);
    return signal_stack.ss_sp;
}

void fibers_overflow_leave_thread(void *memory) {
    if (memory == NULL) return;
    const stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    free(memory);
}
