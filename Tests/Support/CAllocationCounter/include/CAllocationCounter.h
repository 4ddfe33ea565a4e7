#ifndef DOCKET_ALLOCATION_COUNTER_H
#define DOCKET_ALLOCATION_COUNTER_H

#include <stdint.h>

/// Whether allocations are counted: not in a build with a sanitizer, which counts its own.
int docket_allocations_are_counted(void);

/// Counts the allocations of this thread from now on, from 0.
void docket_allocations_start(void);

/// Stops counting; gives how many allocations this thread has made since the start. Every
/// reallocation counts as one; what was freed does not count.
uint64_t docket_allocations_stop(void);

#endif
