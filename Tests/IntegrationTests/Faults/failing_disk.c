// Makes writes fail that reach a file's disk, as long as the file named by FAULT_FILE exists. It
// holds the name of the call that fails and the error, such as "fdatasync EIO" or "pwrite ENOSPC".
// Where FAULT_KILL is a number n, the process is killed before the n-th call that commits to the
// store or puts a file in its place: between two of these, a restart finds nothing that differs.
//
// Built as a shared library and loaded before the C library (LD_PRELOAD). The server uses these
// calls for its store alone; connections and logs use others.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(const char *call) {
    const char *path = getenv("FAULT_FILE");
    if (path == NULL) return 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    char text[64] = {0};
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    if (count <= 0 || strncmp(text, call, strlen(call)) != 0) return 0;
    errno = strstr(text, "ENOSPC") != NULL ? ENOSPC : EIO;
    return 1;
}

static void step(void) {
    static atomic_long steps;
    const char *last = getenv("FAULT_KILL");
    if (last != NULL && atomic_fetch_add(&steps, 1) + 1 == atol(last)) raise(SIGKILL);
}

int fdatasync(int file) {
    step();
    if (fails("fdatasync")) return -1;
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return next(file);
}

int rename(const char *from, const char *to) {
    step();
    int (*next)(const char *, const char *) =
        (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    return next(from, to);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    if (fails("pwrite")) return -1;
    ssize_t (*next)(int, const void *, size_t, off64_t) =
        (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    return next(file, bytes, count, offset);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    return pwrite64(file, bytes, count, offset);
}
