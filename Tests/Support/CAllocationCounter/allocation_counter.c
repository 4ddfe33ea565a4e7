#define _GNU_SOURCE
#include "CAllocationCounter.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Counters belong to threads: tests that run beside each other do not disturb one another. */
static _Thread_local int counts;
static _Thread_local uint64_t allocations;

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

/* A sanitizer has hooks of its own, which these would hide from it. */
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define HAS_HOOKS 1
#else
#define HAS_HOOKS 0
#endif

#if HAS_HOOKS

/* The functions behind the hooks. */
static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static int (*next_posix_memalign)(void **, size_t, size_t);
static void (*next_free)(void *);

/* Memory for what dlsym itself asks for while the functions are looked up; never given back. */
static _Alignas(16) unsigned char early_memory[16384];
static size_t early_used;

static void look_up(void) {
    next_free = (void (*)(void *))dlsym(RTLD_NEXT, "free");
    next_calloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
    next_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
    next_posix_memalign =
        (int (*)(void **, size_t, size_t))dlsym(RTLD_NEXT, "posix_memalign");
    next_malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
}

static void *early(size_t size) {
    size_t rounded = (size + 15) & ~(size_t)15;
    if (size > sizeof early_memory || rounded > sizeof early_memory - early_used) return NULL;
    void *memory = early_memory + early_used;
    early_used += rounded;
    return memory;
}

static int is_early(const void *memory) {
    uintptr_t place = (uintptr_t)memory, begin = (uintptr_t)early_memory;
    return place >= begin && place < begin + sizeof early_memory;
}

/* Whether the functions behind the hooks are known; the first use finds them. */
static int is_ready(void) {
    static _Thread_local int is_looking;
    if (next_malloc != NULL) return 1;
    if (is_looking) return 0;
    is_looking = 1;
    look_up();
    is_looking = 0;
    return 1;
}

static void note(void) {
    if (counts) allocations++;
}

void *malloc(size_t size) {
    if (!is_ready()) return early(size);
    note();
    return next_malloc(size);
}

void *calloc(size_t count, size_t size) {
    if (!is_ready()) return size != 0 && count > SIZE_MAX / size ? NULL : early(count * size);
    note();
    return next_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    if (!is_ready() || is_early(memory)) {
        void *moved = malloc(size);
        /* What lies behind the old memory is readable too: it is all one array. */
        if (moved != NULL && memory != NULL) {
            size_t rest = (size_t)(early_memory + sizeof early_memory - (unsigned char *)memory);
            memcpy(moved, memory, size < rest ? size : rest);
        }
        return moved;
    }
    note();
    return next_realloc(memory, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    if (!is_ready()) return ENOMEM;
    note();
    return next_posix_memalign(memory, alignment, size);
}

void free(void *memory) {
    if (memory == NULL || is_early(memory) || !is_ready()) return;
    next_free(memory);
}

#endif

int docket_allocations_are_counted(void) {
    return HAS_HOOKS;
}

void docket_allocations_start(void) {
    allocations = 0;
    counts = 1;
}

uint64_t docket_allocations_stop(void) {
    counts = 0;
    return allocations;
}
