// SPDX-License-Identifier: MIT
#if defined(__aarch64__)

// Stack switch for AAPCS64 (Linux, macOS). Reached from fibers_switch in fibers_context.h.
//
// Contract
//   fibers_switch_call(x0 = from, x1 = to): [x0] receives the stack pointer, [x1] supplies the next one.
//   Saved: x19-x28, x29 (frame), x30 (resume address), d8-d15 (low halves of v8-v15), FPCR.
//   Not saved: everything the ABI lets a call destroy, and FPSR. x18 belongs to the platform and is left alone.
//   Resumption is an indirect `br`, not `ret`: a `ret` here never matches a `bl` and would be mispredicted.
//
// Frame, from the saved stack pointer upwards (176 bytes):
//   +0 x19 x20   +16 x21 x22   +32 x23 x24   +48 x25 x26   +64 x27 x28   +80 x29 x30
//   +96 d8 d9    +112 d10 d11  +128 d12 d13  +144 d14 d15  +160 FPCR, unused

// Hidden: a shared library may not take the address of a symbol that another one can replace by adrp and add.
#if defined(__APPLE__)
#define SYMBOL(name) _##name
#define BEGIN(name) .globl SYMBOL(name) %% .private_extern SYMBOL(name) %% .p2align 4 %% SYMBOL(name):
#define END(name)
#define PAGE_OF(name) SYMBOL(name)@PAGE
#define OFFSET_OF(name) SYMBOL(name)@PAGEOFF
#else
#define SYMBOL(name) name
#define BEGIN(name) .globl name; .hidden name; .type name, %function; .p2align 4; name:
#define END(name) .size name, .-name
#define PAGE_OF(name) name
#define OFFSET_OF(name) :lo12:name
#endif

    .text

BEGIN(fibers_switch_call)
    .cfi_startproc
    sub     sp, sp, #176            // make the frame
    .cfi_adjust_cfa_offset 176
    stp     x19, x20, [sp, #0]      // save the callee-saved integer registers
    .cfi_rel_offset x19, 0
    .cfi_rel_offset x20, 8
    stp     x21, x22, [sp, #16]
    .cfi_rel_offset x21, 16
    .cfi_rel_offset x22, 24
    stp     x23, x24, [sp, #32]
    .cfi_rel_offset x23, 32
    .cfi_rel_offset x24, 40
    stp     x25, x26, [sp, #48]
    .cfi_rel_offset x25, 48
    .cfi_rel_offset x26, 56
    stp     x27, x28, [sp, #64]
    .cfi_rel_offset x27, 64
    .cfi_rel_offset x28, 72
    stp     x29, x30, [sp, #80]     // the frame pointer and where to resume
    .cfi_rel_offset x29, 80
    .cfi_rel_offset x30, 88
    stp     d8, d9, [sp, #96]       // save the callee-saved halves of the vector registers
    .cfi_rel_offset b8, 96
    .cfi_rel_offset b9, 104
    stp     d10, d11, [sp, #112]
    .cfi_rel_offset b10, 112
    .cfi_rel_offset b11, 120
    stp     d12, d13, [sp, #128]
    .cfi_rel_offset b12, 128
    .cfi_rel_offset b13, 136
    stp     d14, d15, [sp, #144]
    .cfi_rel_offset b14, 144
    .cfi_rel_offset b15, 152
    mrs     x9, fpcr                // rounding and flush mode as they are now
    str     x9, [sp, #160]          // save them
    mov     x10, sp                 // the stack pointer cannot be stored directly
    str     x10, [x0]               // from->stack_pointer
    ldr     x10, [x1]               // to->stack_pointer
    mov     sp, x10                 // from here on we are on the other stack, whose frame looks alike
    ldr     x10, [sp, #160]         // the mode wanted
    cmp     x9, x10                 // is it the present one?
    b.eq    1f                      // nearly always: writing FPCR is slow
    msr     fpcr, x10               // install the mode wanted
1:  ldp     x19, x20, [sp, #0]      // restore the callee-saved integer registers
    ldp     x21, x22, [sp, #16]
    ldp     x23, x24, [sp, #32]
    ldp     x25, x26, [sp, #48]
    ldp     x27, x28, [sp, #64]
    ldp     x29, x30, [sp, #80]     // the frame pointer and where this stack was left
    ldp     d8, d9, [sp, #96]       // restore the callee-saved halves of the vector registers
    ldp     d10, d11, [sp, #112]
    ldp     d12, d13, [sp, #128]
    ldp     d14, d15, [sp, #144]
    add     sp, sp, #176            // drop the frame
    .cfi_adjust_cfa_offset -176
    .cfi_restore x19
    .cfi_restore x20
    .cfi_restore x21
    .cfi_restore x22
    .cfi_restore x23
    .cfi_restore x24
    .cfi_restore x25
    .cfi_restore x26
    .cfi_restore x27
    .cfi_restore x28
    .cfi_restore x29
    .cfi_restore x30
    .cfi_restore b8
    .cfi_restore b9
    .cfi_restore b10
    .cfi_restore b11
    .cfi_restore b12
    .cfi_restore b13
    .cfi_restore b14
    .cfi_restore b15
    br      x30                     // resume there
    .cfi_endproc
END(fibers_switch_call)

// First code on a new stack: x19 holds the argument, x20 the function. Marked as the outermost frame for unwinders.
BEGIN(fibers_context_entry)
    .cfi_startproc
    .cfi_undefined x30              // there is no caller
    mov     x29, xzr                // and no frame above this one
    mov     x30, xzr                // nor a return address
    mov     x0, x19                 // the argument
    blr     x20                     // entry(argument)
    brk     #1                      // an entry never returns
    .cfi_endproc
END(fibers_context_entry)

// void *fibers_context_prepare(x0 = top, x1 = entry, x2 = argument)
BEGIN(fibers_context_prepare)
    .cfi_startproc
    sub     x9, x0, #192            // a frame of 176 bytes, above it 16 bytes of zero
    stp     x2, x1, [x9, #0]        // x19 = argument, x20 = entry
    stp     xzr, xzr, [x9, #16]     // x21, x22
    stp     xzr, xzr, [x9, #32]     // x23, x24
    stp     xzr, xzr, [x9, #48]     // x25, x26
    stp     xzr, xzr, [x9, #64]     // x27, x28
    adrp    x10, PAGE_OF(fibers_context_entry) // the first code to run
    add     x10, x10, OFFSET_OF(fibers_context_entry)
    stp     xzr, x10, [x9, #80]     // x29 = 0 ends the chain of frames; resume at the entry
    stp     xzr, xzr, [x9, #96]     // d8, d9
    stp     xzr, xzr, [x9, #112]    // d10, d11
    stp     xzr, xzr, [x9, #128]    // d12, d13
    stp     xzr, xzr, [x9, #144]    // d14, d15
    mrs     x10, fpcr               // the new stack starts with the creator's mode
    stp     x10, xzr, [x9, #160]    // FPCR
    stp     xzr, xzr, [x9, #176]    // zeros end the stack
    mov     x0, x9                  // the stack pointer
    ret                             // to the caller
    .cfi_endproc
END(fibers_context_prepare)

#endif

#if defined(__ELF__)
    .section .note.GNU-stack,"",%progbits // the stack need not be executable
#endif
