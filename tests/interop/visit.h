/* visit.h - requests to a server of httpd.h, in either mode.
 *
 * web.h's steps, with the beginning that a real server needs. A struct setting says which of the
 * servers, whether over TLS, and in which mode a flow runs. Compiled in the width of the test
 * program; thread of the test.
 */
#ifndef TEST_INTEROP_VISIT_H
#define TEST_INTEROP_VISIT_H

#include "httpd.h"
#include "web.h"

struct setting {
    enum httpd_kind kind;
    bool tls;
    bool async;
};

/* A good certificate for localhost, trusted by this process. */
struct cert *visit_good_cert(void);

/* The one site that most flows need: with the good certificate, or plain. */
struct site visit_site(const struct setting *setting);
struct httpd *visit_server(const struct setting *setting);

/* A session and a connection to one of its sites: localhost over TLS, 127.0.0.1 without. */
struct web visit_connect(const struct httpd *srv, unsigned site, bool async);

/* Open a request, in place of the one that was open. */
void visit_request(struct web *web, const struct httpd *srv, unsigned site, const char *verb,
                   const char *path);

/* Give the request another line of headers. */
void visit_add_header(struct web *web, const char *line);

/* visit_request() and web_exchange() in one; the request stays open for questions. */
struct answer visit(struct web *web, const struct httpd *srv, unsigned site, const char *verb,
                    const char *path);

/* The exchange gives 200 and HELLO. */
void visit_hello(struct web *web, const struct httpd *srv, unsigned site);

/* A field of the response as UTF-8, "" if there is none. Lives until the next call. */
const char *visit_field(const struct web *web, const char *name);

/* `len` bytes of server_pattern() from any place in it; compares without making them anew. */
bool visit_is_pattern(const void *bytes, uint64_t from, size_t len);

#endif
