/// What the reader and the writer share of GMime. Not seen by Swift.
#ifndef DOCKET_MAIL_LIBRARY_H
#define DOCKET_MAIL_LIBRARY_H

#include <gmime/gmime.h>

/// Makes the library ready; before every other call of it, from any thread.
void docket_mail_library_start(void);

#endif
