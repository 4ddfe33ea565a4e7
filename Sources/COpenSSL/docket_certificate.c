#include "docket_certificate.h"

#include <openssl/ec.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

static void visit_text(
    docket_name_kind kind, const ASN1_IA5STRING *text, docket_name_visitor visitor, void *context)
{
    const unsigned char *bytes = ASN1_STRING_get0_data(text);
    size_t count = (size_t)ASN1_STRING_length(text);
    if (count > 0 && memchr(bytes, 0, count) == NULL)
        visitor(kind, bytes, count, context);
}

void docket_certificate_visit_names(
    const X509 *certificate, docket_name_visitor visitor, void *context)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    int count = names == NULL ? 0 : sk_GENERAL_NAME_num(names);
    for (int index = 0; index < count; index++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
        if (name->type == GEN_DNS)
            visit_text(DOCKET_NAME_DNS, name->d.dNSName, visitor, context);
        else if (name->type == GEN_URI)
            visit_text(DOCKET_NAME_URI, name->d.uniformResourceIdentifier, visitor, context);
        else if (name->type == GEN_IPADD)
            visitor(
                DOCKET_NAME_ADDRESS, ASN1_STRING_get0_data(name->d.iPAddress),
                (size_t)ASN1_STRING_length(name->d.iPAddress), context);
    }
    GENERAL_NAMES_free(names);
}

static int refuse_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

EVP_PKEY *docket_private_key_read(BIO *pem)
{
    return PEM_read_bio_PrivateKey(pem, NULL, refuse_passphrase, NULL);
}

EVP_PKEY *docket_private_key_make(void)
{
    return EVP_EC_gen("P-256");
}

int docket_certificate_validity_compare(const X509 *certificate, int64_t seconds_since_epoch)
{
    time_t moment = (time_t)seconds_since_epoch;
    int start = X509_cmp_time(X509_get0_notBefore(certificate), &moment);
    int end = X509_cmp_time(X509_get0_notAfter(certificate), &moment);
    // X509_cmp_time answers 1 for "later than the moment", -1 for "not later", 0 for an error.
    if (start == 0 || end == 0)
        return 1;
    if (start > 0)
        return -1;
    return end < 0 ? 1 : 0;
}
