// Makes writes fail that reach a file's disk, as long as the file named by FAULT_FILE exists. It
// holds the name of the call that fails and the error, such as "fdatasync EIO" or "pwrite ENOSPC".
// Where FAULT_KILL is a number n, the process is killed before the n-th call that commits to the
// store or puts a file in its place: between two of these, a restart finds nothing that differs.
// Where FAULT_CUT is a number too, that is a power cut: of what was written and not made durable,
// some is on the disk and some is not, by chance that follows from the number.
//
// Built as a shared library and loaded before the C library (LD_PRELOAD). The server uses these
// calls for its store alone; connections and logs use others.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

// What was written and is not durable, in the order of writing.
struct unsynced {
    int file;
    dev_t device;
    ino_t number;
    off64_t offset;
    size_t count;
    // How many of the bytes were there before.
    ssize_t had;
    unsigned char *old, *new;
};

enum { most_unsynced = 65536 };
static struct unsynced written[most_unsynced];
static size_t written_count;
static pthread_mutex_t written_lock = PTHREAD_MUTEX_INITIALIZER;

typedef ssize_t (*pwrite_call)(int, const void *, size_t, off64_t);

static pwrite_call next_pwrite(void) { return (pwrite_call)dlsym(RTLD_NEXT, "pwrite64"); }

static void note(int file, const void *bytes, size_t count, off64_t offset) {
    struct stat status;
    if (getenv("FAULT_CUT") == NULL || fstat(file, &status) != 0) return;
    pthread_mutex_lock(&written_lock);
    if (written_count == most_unsynced) abort();
    // A copy of the descriptor, since the file may be closed before it is durable.
    struct unsynced entry = {
        dup(file), status.st_dev, status.st_ino, offset, count, 0, malloc(count), malloc(count)};
    if (entry.file < 0 || entry.old == NULL || entry.new == NULL) abort();
    memcpy(entry.new, bytes, count);
    memset(entry.old, 0, count);
    ssize_t had = pread64(file, entry.old, count, offset);
    entry.had = had < 0 ? 0 : had;
    written[written_count++] = entry;
    pthread_mutex_unlock(&written_lock);
}

// Everything of a file is durable.
static void forget(int file) {
    struct stat status;
    if (getenv("FAULT_CUT") == NULL || fstat(file, &status) != 0) return;
    pthread_mutex_lock(&written_lock);
    size_t kept = 0;
    for (size_t index = 0; index < written_count; index++) {
        struct unsynced *entry = &written[index];
        if (entry->device == status.st_dev && entry->number == status.st_ino) {
            // The copy stays open: to close it would give up the locks that SQLite has on the file.
            free(entry->old);
            free(entry->new);
        } else {
            written[kept++] = *entry;
        }
    }
    written_count = kept;
    pthread_mutex_unlock(&written_lock);
}

// Makes the files what a power cut may leave: as they were, with some of the writes on top.
static void cut(const char *seed) {
    unsigned long long chance = strtoull(seed, NULL, 10) * 2 + 1;
    pthread_mutex_lock(&written_lock);
    for (size_t index = written_count; index-- > 0;) {
        struct unsynced *entry = &written[index];
        next_pwrite()(entry->file, entry->old, entry->count, entry->offset);
        struct stat status;
        off64_t end = entry->offset + entry->had;
        int was_last = fstat(entry->file, &status) == 0
            && status.st_size <= entry->offset + (off64_t)entry->count;
        if (entry->had < (ssize_t)entry->count && was_last && ftruncate(entry->file, end) != 0)
            abort();
    }
    for (size_t index = 0; index < written_count; index++) {
        struct unsynced *entry = &written[index];
        chance = chance * 6364136223846793005ULL + 1442695040888963407ULL;
        if (chance >> 63) next_pwrite()(entry->file, entry->new, entry->count, entry->offset);
    }
}

static void step(void) {
    static atomic_long steps;
    const char *last = getenv("FAULT_KILL");
    if (last == NULL || atomic_fetch_add(&steps, 1) + 1 != atol(last)) return;
    const char *seed = getenv("FAULT_CUT");
    if (seed != NULL) cut(seed);
    raise(SIGKILL);
}

int fdatasync(int file) {
    step();
    if (fails("fdatasync")) return -1;
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int status = next(file);
    if (status == 0) forget(file);
    return status;
}

int fsync(int file) {
    step();
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int status = next(file);
    if (status == 0) forget(file);
    return status;
}

int rename(const char *from, const char *to) {
    step();
    int (*next)(const char *, const char *) =
        (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    return next(from, to);
}

// Of what a process writes this way only what goes into files of its own: not its log.
ssize_t write(int file, const void *bytes, size_t count) {
    struct stat status;
    int is_own = file > 2 && fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    if (is_own && fails("write")) return -1;
    ssize_t (*next)(int, const void *, size_t) =
        (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    return next(file, bytes, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    if (fails("pwrite")) return -1;
    note(file, bytes, count, offset);
    return next_pwrite()(file, bytes, count, offset);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    return pwrite64(file, bytes, count, offset);
}
