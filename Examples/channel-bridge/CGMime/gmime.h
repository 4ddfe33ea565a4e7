/// The library that reads and writes mails. Only CMail includes it.
#ifndef DOCKET_GMIME_H
#define DOCKET_GMIME_H

#include <gmime/gmime.h>

#endif
