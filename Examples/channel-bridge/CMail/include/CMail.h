/// What the bridge needs of GMime and libcurl: a mail taken apart, a mail put together, and a mail
/// handed to a server. Swift sees neither of the two libraries.
#ifndef DOCKET_CMAIL_H
#define DOCKET_CMAIL_H

#include "docket_mail_reader.h"
#include "docket_mail_writer.h"
#include "docket_smtp.h"

#endif
