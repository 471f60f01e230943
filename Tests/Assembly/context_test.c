// SPDX-License-Identifier: MIT
// Checks the stack switch of the processor it is compiled for. In C and with a main of its own, so that it also runs
// under emulation, where no Swift is: see .ci/test-assembly.
#include <fenv.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unwind.h>

#include "fibers_context.h"
#include "fibers_stack.h"
#include "sanitizer.h"

static int failures;

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (condition) break;                                                                                          \
        failures += 1;                                                                                                 \
        printf("    line %d: not true: %s\n", __LINE__, #condition);                                                   \
    } while (0)

// MARK: Coroutines

typedef struct coroutine {
    fibers_context context;
    fibers_stack stack;
    void (*body)(struct coroutine *);
    /// Where a finished body goes.
    fibers_context *end;
} coroutine;

/// The thread's own stack.
static fibers_context outside;

static void start(void *argument) {
    coroutine *self = argument;
    fibers_sanitizer_stack_entered(&self->stack);
    self->body(self);
    fibers_switch(&self->context, self->end);
    abort(); // a finished coroutine is never resumed
}

/// The guard is left out of the bounds that sanitizers see, so the memory needs room for one, but none is installed.
static coroutine *make(size_t size, void (*body)(coroutine *)) {
    coroutine *self = calloc(1, sizeof(coroutine));
    char *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (self == NULL || base == MAP_FAILED) abort();
    self->stack = (fibers_stack){.base = base, .top = base + size, .size = size};
    fibers_sanitizer_stack_made(&self->stack);
    self->context.stack = &self->stack;
    self->context.stack_pointer = fibers_context_prepare(self->stack.top, start, self);
    self->body = body;
    self->end = &outside;
    return self;
}

static void discard(coroutine *self) {
    fibers_sanitizer_stack_ended(&self->stack);
    munmap(self->stack.base, self->stack.size);
    free(self);
}

static void resume(coroutine *self) { fibers_switch(&outside, &self->context); }
static void leave(coroutine *self) { fibers_switch(&self->context, &outside); }

// MARK: Callee-saved registers

#if defined(__x86_64__)
#define INTEGERS 6
#define VECTORS 0
#define HIDDEN_JUMP FIBERS_SYMBOL(fibers_switch_jump)
// registers_across(rdi = from, rsi = to, rdx = values to load before, rcx = where to store them after)
__asm__(".text\n"
        ".globl " FIBERS_SYMBOL(registers_across) "\n" FIBERS_SYMBOL(registers_across) ":\n"
        "pushq %rbx\n pushq %rbp\n pushq %r12\n pushq %r13\n pushq %r14\n pushq %r15\n pushq %rcx\n"
        "movq (%rdx), %rbx\n movq 8(%rdx), %rbp\n movq 16(%rdx), %r12\n"
        "movq 24(%rdx), %r13\n movq 32(%rdx), %r14\n movq 40(%rdx), %r15\n"
        "leaq 1f(%rip), %rax\n jmp " HIDDEN_JUMP "\n"
        "1: popq %rcx\n"
        "movq %rbx, (%rcx)\n movq %rbp, 8(%rcx)\n movq %r12, 16(%rcx)\n"
        "movq %r13, 24(%rcx)\n movq %r14, 32(%rcx)\n movq %r15, 40(%rcx)\n"
        "popq %r15\n popq %r14\n popq %r13\n popq %r12\n popq %rbp\n popq %rbx\n ret\n");
#else
#define INTEGERS 11
#define VECTORS 8
// registers_across(x0 = from, x1 = to, x2 = values to load before, x3 = where to store them after)
__asm__(".text\n"
        ".p2align 2\n"
        ".globl " FIBERS_SYMBOL(registers_across) "\n" FIBERS_SYMBOL(registers_across) ":\n"
        "sub sp, sp, #176\n str x3, [sp, #160]\n"
        "stp x19, x20, [sp]\n stp x21, x22, [sp, #16]\n stp x23, x24, [sp, #32]\n stp x25, x26, [sp, #48]\n"
        "stp x27, x28, [sp, #64]\n stp x29, x30, [sp, #80]\n"
        "stp d8, d9, [sp, #96]\n stp d10, d11, [sp, #112]\n stp d12, d13, [sp, #128]\n stp d14, d15, [sp, #144]\n"
        "ldp x19, x20, [x2]\n ldp x21, x22, [x2, #16]\n ldp x23, x24, [x2, #32]\n ldp x25, x26, [x2, #48]\n"
        "ldp x27, x28, [x2, #64]\n ldr x29, [x2, #80]\n"
        "ldp d8, d9, [x2, #88]\n ldp d10, d11, [x2, #104]\n ldp d12, d13, [x2, #120]\n ldp d14, d15, [x2, #136]\n"
        "bl " FIBERS_SYMBOL(fibers_switch_call) "\n"
        "ldr x3, [sp, #160]\n"
        "stp x19, x20, [x3]\n stp x21, x22, [x3, #16]\n stp x23, x24, [x3, #32]\n stp x25, x26, [x3, #48]\n"
        "stp x27, x28, [x3, #64]\n str x29, [x3, #80]\n"
        "stp d8, d9, [x3, #88]\n stp d10, d11, [x3, #104]\n stp d12, d13, [x3, #120]\n stp d14, d15, [x3, #136]\n"
        "ldp x19, x20, [sp]\n ldp x21, x22, [sp, #16]\n ldp x23, x24, [sp, #32]\n ldp x25, x26, [sp, #48]\n"
        "ldp x27, x28, [sp, #64]\n ldp x29, x30, [sp, #80]\n"
        "ldp d8, d9, [sp, #96]\n ldp d10, d11, [sp, #112]\n ldp d12, d13, [sp, #128]\n ldp d14, d15, [sp, #144]\n"
        "add sp, sp, #176\n ret\n");
#endif

#define REGISTERS (INTEGERS + VECTORS)
#define ROUNDS 1000

void registers_across(fibers_context *from, fibers_context *to, const uint64_t *values, uint64_t *found);

/// Switches with a different value in every register, and counts those that came back with another one.
static int lost_registers(fibers_context *from, fibers_context *to, uint64_t seed) {
    uint64_t values[REGISTERS], found[REGISTERS] = {0};
    for (int i = 0; i < REGISTERS; i += 1) values[i] = (seed + (uint64_t)i) * 0x9e3779b97f4a7c15u;
    registers_across(from, to, values, found);
    int lost = 0;
    for (int i = 0; i < REGISTERS; i += 1) lost += values[i] != found[i];
    return lost;
}

static void fill_registers(coroutine *self) {
    for (uint64_t round = 0; round < ROUNDS; round += 1) {
        CHECK(lost_registers(&self->context, &outside, 1000000 + round * REGISTERS) == 0);
    }
}

static void registers_survive(void) {
    if (fibers_announces_switches) return; // this test switches behind the sanitizer's back
    coroutine *other = make(64 << 10, fill_registers);
    for (uint64_t round = 0; round < ROUNDS; round += 1) {
        CHECK(lost_registers(&outside, &other->context, 5000000 + round * REGISTERS) == 0);
    }
    resume(other); // lets it finish
    discard(other);
}

// MARK: Floating point

/// What the program has chosen for its arithmetic, without the flags that report what happened.
static uint64_t control_bits(void) {
#if defined(__x86_64__)
    uint32_t sse;
    uint16_t x87;
    __asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(sse), "=m"(x87));
    return (sse & 0xffc0) | (uint64_t)x87 << 16;
#else
    uint64_t control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    return control;
#endif
}

static void flush_to_zero(void) {
#if defined(__x86_64__)
    uint32_t sse;
    __asm__ volatile("stmxcsr %0" : "=m"(sse));
    sse |= 0x8000;
    __asm__ volatile("ldmxcsr %0" : : "m"(sse));
#else
    __asm__ volatile("msr fpcr, %0" : : "r"(control_bits() | 1u << 24));
#endif
}

/// 1/3 as the present rounding mode has it.
static double third(void) {
    volatile double one = 1, three = 3;
    return one / three;
}

static uint64_t inherited_bits;

static void change_mode(coroutine *self) {
    inherited_bits = control_bits();
    const double before = third();
    leave(self);
    CHECK(control_bits() == inherited_bits);
    CHECK(third() == before);
    fesetround(FE_DOWNWARD);
    flush_to_zero();
    const uint64_t changed = control_bits();
    leave(self);
    CHECK(control_bits() == changed);
    CHECK(third() < before);
}

static void mode_is_per_stack(void) {
    const uint64_t usual = control_bits();
    const double nearest = third();
    fesetround(FE_UPWARD);
    coroutine *other = make(64 << 10, change_mode);
    const uint64_t upward = control_bits();
    CHECK(upward != usual);
    fesetround(FE_TONEAREST);
    resume(other);
    CHECK(inherited_bits == upward); // a new stack has the mode of its creator
    CHECK(control_bits() == usual);
    resume(other); // changes its own
    CHECK(control_bits() == usual);
    CHECK(third() == nearest);
    resume(other);
    CHECK(control_bits() == usual);
    discard(other);
}

static long double long_sum;

static void add_long(coroutine *self) {
    for (int i = 1; i <= 8; i += 1) {
        long double kept = long_sum * 3; // a compiler may keep it in a register over the inlined switch
        leave(self);
        long_sum = kept + i;
    }
}

static void long_doubles_survive(void) {
    coroutine *others[8];
    for (int i = 0; i < 8; i += 1) others[i] = make(64 << 10, add_long);
    long_sum = 1;
    for (int round = 0; round < 9; round += 1) {
        for (int i = 0; i < 8; i += 1) {
            long double kept = (long double)(round * 8 + i) / 3;
            resume(others[i]);
            CHECK(kept == (long double)(round * 8 + i) / 3);
        }
    }
    CHECK(long_sum == long_sum); // not the "not a number" of a register stack that ran over
    for (int i = 0; i < 8; i += 1) discard(others[i]);
}

// MARK: The first frame

static void check_alignment(coroutine *self) {
    CHECK((uintptr_t)__builtin_frame_address(0) % 16 == 0);
    alignas(16) volatile char bytes[16] = {1};
    CHECK((uintptr_t)bytes % 16 == 0);
    (void)self;
}

static void stack_is_aligned(void) {
    coroutine *other = make(64 << 10, check_alignment);
    resume(other);
    discard(other);
}

static void *seen_argument;

static void note_argument(void *argument) {
    coroutine *self = argument;
    fibers_sanitizer_stack_entered(&self->stack);
    seen_argument = argument;
    fibers_switch(&self->context, &outside);
    abort();
}

static void argument_arrives(void) {
    coroutine *other = make(64 << 10, NULL);
    other->context.stack_pointer = fibers_context_prepare(other->stack.top, note_argument, other);
    resume(other);
    CHECK(seen_argument == other);
    discard(other);
}

// MARK: Walking the stack

void fibers_context_entry(void);

#define MANY_FRAMES 20

/// Number of frames up to the one that has no caller; MANY_FRAMES if there is none such.
static int frames_in_chain(void) {
    int count = 0;
    for (void **frame = __builtin_frame_address(0); frame != NULL && count < MANY_FRAMES; frame = *frame) count += 1;
    return count;
}

typedef struct trace {
    int count;
    uintptr_t outermost;
} trace;

static _Unwind_Reason_Code note_frame(struct _Unwind_Context *context, void *argument) {
    trace *found = argument;
    if (_Unwind_GetIP(context) == 0) return _URC_NO_REASON;
    found->count += 1;
    found->outermost = _Unwind_GetIP(context);
    return found->count < MANY_FRAMES ? _URC_NO_REASON : _URC_NORMAL_STOP;
}

static void walk(coroutine *self) {
    CHECK(frames_in_chain() < 8);
    trace found = {0};
    _Unwind_Backtrace(note_frame, &found);
    CHECK(found.count < 8);
    const uintptr_t entry = (uintptr_t)fibers_context_entry;
    CHECK(found.outermost >= entry && found.outermost < entry + 32);
    (void)self;
}

static void backtrace_ends(void) {
    coroutine *other = make(128 << 10, walk);
    resume(other);
    discard(other);
}

// MARK: Many stacks and deep ones

#define RING 1000
#define LAPS 100

static coroutine *ring[RING];
static int laps[RING];

static void run_laps(coroutine *self) {
    int index = 0;
    while (ring[index] != self) index += 1;
    const int next = (index + 1) % RING;
    for (int lap = 0; lap < LAPS; lap += 1) {
        CHECK(laps[index] == lap);
        CHECK(index == 0 || laps[index - 1] == lap + 1); // the one before has been here just now
        laps[index] += 1;
        if (lap + 1 == LAPS && index + 1 == RING) return;
        fibers_switch(&self->context, &ring[next]->context);
    }
}

static void ring_turns(void) {
    for (int i = 0; i < RING; i += 1) ring[i] = make(32 << 10, run_laps);
    resume(ring[0]); // returns when the last of the ring ends
    for (int i = 0; i < RING; i += 1) CHECK(laps[i] == LAPS);
    for (int i = 0; i < RING; i += 1) discard(ring[i]);
}

/// Leaves `self` in the deepest frame and checks every frame on the way back.
static uint64_t descend(coroutine *self, uint64_t depth) {
    volatile uint64_t bytes[32];
    for (int i = 0; i < 32; i += 1) bytes[i] = depth + (uint64_t)i;
    const uint64_t below = depth == 0 ? (leave(self), 0) : descend(self, depth - 1);
    for (int i = 0; i < 32; i += 1) CHECK(bytes[i] == depth + (uint64_t)i);
    return below + 1;
}

static void dive(coroutine *self) { CHECK(descend(self, 1000) == 1001); }

static void recursion_fits(void) {
    coroutine *first = make(4 << 20, dive), *second = make(4 << 20, dive);
    for (int round = 0; round < 2; round += 1) {
        resume(first);
        resume(second);
    }
    discard(first);
    discard(second);
}

// MARK: The pool

static fibers_context pool_user;
static int pool_entries;

static void idle_for_ever(void *argument) {
    fibers_stack *stack = argument;
    for (;;) {
        pool_entries += 1;
        fibers_switch(&stack->idle, &pool_user);
    }
}

static void pool_recycles(void) {
    pool_user = outside;
    fibers_stack_pool *pool = fibers_stack_pool_create(idle_for_ever);
    enum { COUNT = 300 };
    fibers_stack *stacks[COUNT];
    for (int round = 0; round < 3; round += 1) {
        for (int i = 0; i < COUNT; i += 1) {
            stacks[i] = fibers_stack_acquire(pool, 0);
            if (stacks[i] == NULL) abort();
            fibers_switch(&pool_user, &stacks[i]->idle);
        }
        for (int i = 0; i < COUNT; i += 1) fibers_stack_release(pool, stacks[i]);
        fibers_stack_begin_period(pool);
        fibers_stack_begin_period(pool);
        fibers_stack_trim(pool, COUNT); // the next round finds some that start from their top again
    }
    CHECK(pool_entries == 3 * COUNT);
    CHECK(fibers_stack_pool_counts(pool).made == COUNT);
    CHECK(fibers_stack_pool_counts(pool).trimmed == COUNT - 256);
    fibers_stack_pool_destroy(pool);
}

// MARK: All of them

static void run(const char *name, void (*test)(void)) {
    const int before = failures;
    test();
    printf("%s %s\n", failures == before ? "ok    " : "FAILED", name);
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    fibers_stack *own = fibers_stack_of_thread();
    if (own == NULL) abort();
    outside.stack = own;
    run("callee-saved registers survive a switch", registers_survive);
    run("floating-point modes belong to the stack", mode_is_per_stack);
    run("long doubles survive a switch", long_doubles_survive);
    run("a new stack is aligned", stack_is_aligned);
    run("the argument arrives", argument_arrives);
    run("a backtrace ends at the entry", backtrace_ends);
    run("a ring of 1000 stacks turns 100 times", ring_turns);
    run("recursion goes 1000 frames deep", recursion_fits);
    run("the pool recycles and trims", pool_recycles);
    fibers_stack_of_thread_free(own);
    printf(failures == 0 ? "all stack switch tests passed\n" : "stack switch tests FAILED\n");
    return failures == 0 ? 0 : 1;
}
