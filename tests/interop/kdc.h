/* kdc.h - a Kerberos realm for the length of a test: MIT's KDC, as the distribution ships it.
 *
 *      kdc_start();    realm EXAMPLE.TEST; alice and bob, password KDC_PASSWORD; HTTP/localhost
 *      ... kdc_keytab() is for the server; KRB5_CONFIG is set for this process and its children ...
 *
 * Runs as the user who runs the test, on a loopback port, with everything in the test's scratch
 * directory. It ends with the test program, however that ends. Skips the test where krb5-kdc is not
 * installed. Thread of the test only.
 */
#ifndef TEST_INTEROP_KDC_H
#define TEST_INTEROP_KDC_H

#define KDC_REALM    "EXAMPLE.TEST"
#define KDC_PASSWORD "correct horse"

/* Started once per program; later calls change nothing but the environment, back to no tickets. */
void kdc_start(void);

const char *kdc_keytab(void);

/* This process has alice's or bob's tickets from now on: the user's own credentials. */
void kdc_log_on(const char *user);

#endif
