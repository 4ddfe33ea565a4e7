#include "docket_mail_library.h"

#include <pthread.h>

static pthread_once_t started = PTHREAD_ONCE_INIT;

void docket_mail_library_start(void)
{
    pthread_once(&started, g_mime_init);
}
