/* demo_server.c - a small HTTP and HTTPS server on loopback, to try the samples against.
 *
 *      demo_server [--ca FILE]
 *
 * Prints one line per fact: "http URL", "https URL", "ca FILE". The CA is made on the spot and lives
 * as long as the server; SSL_CERT_FILE=FILE makes clients trust it. Ends when its standard input
 * closes or on SIGTERM.
 *
 *      /hello  /headers  /chunked  /large?bytes=N  /status/NNN  /slow  POST /echo
 *
 * A WebSocket to /echo echoes messages. One thread per connection, keep-alive, HTTP/1.1 and no more than
 * the paths above need. This is POSIX code: it shows nothing about the library, it only answers it. Only
 * the WebSocket is the library's, see websocket_echo.c.
 */
#define _GNU_SOURCE
#include "websocket_echo.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_MAX = 64 * 1024, PIECE = 16 * 1024, DAY_S = 24 * 60 * 60, SLOW_PIECES = 5 };

struct listener {
    int fd;
    SSL_CTX *tls; /* NULL: plain */
    uint16_t port;
};

struct client {
    int fd;
    SSL *tls;
    char in[HEAD_MAX + 1];
    size_t in_len;
};

struct request {
    char method[16];
    char path[1024];
    uint64_t body_len;
    bool keep_alive;
    bool wants_websocket;
    const char *head; /* the client's buffer; until the body is read */
};

static void die(const char *what)
{
    perror(what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static ssize_t client_receive(struct client *client, void *into, size_t len)
{
    return client->tls ? SSL_read(client->tls, into, (int)len) : recv(client->fd, into, len, 0);
}

static bool client_send(struct client *client, const void *bytes, size_t len)
{
    const char *from = bytes;

    while (len) {
        ssize_t n =
            client->tls ? SSL_write(client->tls, from, (int)len) : send(client->fd, from, len, 0);

        if (n <= 0)
            return false;
        from += n;
        len -= (size_t)n;
    }
    return true;
}

static bool client_print(struct client *client, const char *format, ...)
{
    char text[2048];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return len > 0 && (size_t)len < sizeof(text) && client_send(client, text, (size_t)len);
}

/* Take body bytes: first what came with the head, then from the socket. */
static ssize_t client_take(struct client *client, void *into, size_t len)
{
    size_t n = client->in_len < len ? client->in_len : len;

    if (!n)
        return client_receive(client, into, len);
    memcpy(into, client->in, n);
    client->in_len -= n;
    memmove(client->in, client->in + n, client->in_len);
    return (ssize_t)n;
}

/* ---- answers --------------------------------------------------------------------------------- */

typedef bool (*answer_fn)(struct client *client, const struct request *request);

static bool answer_text(struct client *client, int status, const char *reason, const char *text)
{
    return client_print(client,
                        "HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n",
                        status, reason, strlen(text)) &&
           client_send(client, text, strlen(text));
}

static bool answer_hello(struct client *client, const struct request *request)
{
    (void)request;
    return answer_text(client, 200, "OK", "Hello from the demo server.\n");
}

static bool answer_headers(struct client *client, const struct request *request)
{
    return answer_text(client, 200, "OK", request->head);
}

static bool answer_status(struct client *client, const struct request *request)
{
    int status = atoi(request->path + strlen("/status/"));

    if (status < 200 || status > 599)
        return answer_text(client, 400, "Bad Request", "a status is 200 to 599\n");
    if (status == 204 || status == 304)
        return client_print(client, "HTTP/1.1 %d Demo\r\n\r\n", status);
    return answer_text(client, status, "Demo", "as you wish\n");
}

static bool send_chunk(struct client *client, const char *text)
{
    return client_print(client, "%zx\r\n%s\r\n", strlen(text), text);
}

static bool answer_chunked(struct client *client, const struct request *request)
{
    (void)request;
    return client_print(client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                                "Trailer: X-Chunks\r\n\r\n") &&
           send_chunk(client, "one, ") && send_chunk(client, "two, ") &&
           send_chunk(client, "three\n") && client_print(client, "0\r\nX-Chunks: 3\r\n\r\n");
}

static bool answer_slow(struct client *client, const struct request *request)
{
    static const struct timespec pause = {0, 200 * 1000000L};

    (void)request;
    if (!client_print(client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
        return false;
    for (int i = 0; i < SLOW_PIECES; i++) {
        nanosleep(&pause, NULL);
        if (!send_chunk(client, "tick\n"))
            return false;
    }
    return client_print(client, "0\r\n\r\n");
}

static bool answer_large(struct client *client, const struct request *request)
{
    const char *query = strstr(request->path, "?bytes=");
    uint64_t left = query ? strtoull(query + strlen("?bytes="), NULL, 10) : 1000000;
    char piece[PIECE];

    memset(piece, 'x', sizeof(piece));
    if (!client_print(client, "HTTP/1.1 200 OK\r\nContent-Length: %llu\r\n\r\n",
                      (unsigned long long)left))
        return false;
    while (left) {
        size_t len = left < sizeof(piece) ? (size_t)left : sizeof(piece);

        if (!client_send(client, piece, len))
            return false;
        left -= len;
    }
    return true;
}

static long take_for_echo(void *client, void *into, size_t len)
{
    return client_take(client, into, len);
}

static bool send_for_echo(void *client, const void *bytes, size_t len)
{
    return client_send(client, bytes, len);
}

static bool answer_echo(struct client *client, const struct request *request)
{
    struct websocket_echo_io io = {client, take_for_echo, send_for_echo};
    uint64_t left = request->body_len;
    char piece[PIECE];

    if (request->wants_websocket) {
        websocket_echo(&io, request->head);
        return false;
    }
    if (!client_print(client, "HTTP/1.1 200 OK\r\nContent-Length: %llu\r\n\r\n",
                      (unsigned long long)left))
        return false;
    while (left) {
        ssize_t n = client_take(client, piece, left < PIECE ? (size_t)left : PIECE);

        if (n <= 0 || !client_send(client, piece, (size_t)n))
            return false;
        left -= (uint64_t)n;
    }
    return true;
}

static const struct {
    const char *prefix;
    answer_fn answer;
    bool reads_body;
} paths[] = {
    {"/hello", answer_hello, false},     {"/headers", answer_headers, false},
    {"/chunked", answer_chunked, false}, {"/large", answer_large, false},
    {"/status/", answer_status, false},  {"/slow", answer_slow, false},
    {"/echo", answer_echo, true},
};

/* ---- requests -------------------------------------------------------------------------------- */

/* The value of a field in the head, or NULL. */
static const char *find_field(const char *head, const char *name)
{
    size_t len = strlen(name);

    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line + 2, "\r\n"))
        if (!strncasecmp(line + 2, name, len) && line[2 + len] == ':')
            return line + 2 + len + 1 + strspn(line + 2 + len + 1, " ");
    return NULL;
}

/* Receive until the empty line. Returns where the head ends, or NULL. */
static char *read_head(struct client *client)
{
    for (;;) {
        char *end;
        ssize_t n;

        client->in[client->in_len] = 0;
        end = strstr(client->in, "\r\n\r\n");
        if (end)
            return end + 4;
        if (client->in_len == HEAD_MAX)
            return NULL;
        n = client_receive(client, client->in + client->in_len, HEAD_MAX - client->in_len);
        if (n <= 0)
            return NULL;
        client->in_len += (size_t)n;
    }
}

static bool parse(struct request *request, const char *head)
{
    const char *length = find_field(head, "Content-Length");
    const char *connection = find_field(head, "Connection");

    if (sscanf(head, "%15s %1023s HTTP/1.1", request->method, request->path) != 2)
        return false;
    request->head = head;
    request->body_len = length ? strtoull(length, NULL, 10) : 0;
    request->wants_websocket = find_field(head, "Sec-WebSocket-Key") != NULL;
    request->keep_alive = !connection || strncasecmp(connection, "close", 5) != 0;
    return true;
}

static bool skip_body(struct client *client, uint64_t left)
{
    char piece[PIECE];

    while (left) {
        ssize_t n = client_take(client, piece, left < PIECE ? (size_t)left : PIECE);

        if (n <= 0)
            return false;
        left -= (uint64_t)n;
    }
    return true;
}

static bool answer(struct client *client, const struct request *request)
{
    if (!strcmp(request->method, "HEAD"))
        return client_print(client, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        if (strncmp(request->path, paths[i].prefix, strlen(paths[i].prefix)) != 0)
            continue;
        if (!paths[i].reads_body && !skip_body(client, request->body_len))
            return false;
        return paths[i].answer(client, request);
    }
    return skip_body(client, request->body_len) &&
           answer_text(client, 404, "Not Found", "try /hello\n");
}

/* Serve one request; false when the connection is over. */
static bool serve_one(struct client *client)
{
    char *end = read_head(client);
    struct request request;
    char *head;
    bool going;

    if (!end)
        return false;
    head = strndup(client->in, (size_t)(end - client->in));
    client->in_len -= (size_t)(end - client->in);
    memmove(client->in, end, client->in_len);
    going = head && parse(&request, head) && answer(client, &request) && request.keep_alive;
    free(head);
    return going;
}

static void *serve(void *arg)
{
    struct client *client = arg;

    if (!client->tls || SSL_accept(client->tls) == 1)
        while (serve_one(client))
            ;
    if (client->tls) {
        SSL_shutdown(client->tls);
        SSL_free(client->tls);
    }
    close(client->fd);
    free(client);
    return NULL;
}

/* ---- listening ------------------------------------------------------------------------------- */

static void *accept_forever(void *arg)
{
    struct listener *listener = arg;

    for (;;) {
        struct client *client = calloc(1, sizeof(*client));
        pthread_t thread;
        int on = 1;

        if (!client)
            die("memory");
        client->fd = accept(listener->fd, NULL, NULL);
        if (client->fd < 0) {
            free(client);
            continue;
        }
        setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        if (listener->tls) {
            client->tls = SSL_new(listener->tls);
            SSL_set_fd(client->tls, client->fd);
        }
        if (pthread_create(&thread, NULL, serve, client))
            die("pthread_create");
        pthread_detach(thread);
    }
    return NULL;
}

static void listen_on_loopback(struct listener *listener, SSL_CTX *tls)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof(at);
    pthread_t thread;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener->tls = tls;
    listener->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (listener->fd < 0 || bind(listener->fd, (struct sockaddr *)&at, sizeof(at)) ||
        listen(listener->fd, SOMAXCONN) || getsockname(listener->fd, (struct sockaddr *)&at, &len))
        die("listen");
    listener->port = ntohs(at.sin_port);
    if (pthread_create(&thread, NULL, accept_forever, listener))
        die("pthread_create");
    pthread_detach(thread);
}

/* ---- certificates ---------------------------------------------------------------------------- */

static void add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509_EXTENSION *ext;

    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    if (!ext || !X509_add_ext(cert, ext, -1))
        die(value);
    X509_EXTENSION_free(ext);
}

/* A certificate for `key`, signed by the issuer; by itself when `issuer` is NULL. */
static X509 *make_cert(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
    X509 *cert = X509_new();
    X509_NAME *subject = X509_get_subject_name(cert);

    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), (long)time(NULL) * 2 + (issuer != NULL));
    X509_gmtime_adj(X509_getm_notBefore(cert), -DAY_S);
    X509_gmtime_adj(X509_getm_notAfter(cert), 7L * DAY_S);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1,
                               0);
    X509_set_issuer_name(cert, issuer ? X509_get_subject_name(issuer) : subject);
    X509_set_pubkey(cert, key);
    add_extension(cert, issuer ? issuer : cert, NID_subject_key_identifier, "hash");
    if (issuer) {
        add_extension(cert, issuer, NID_authority_key_identifier, "keyid");
        add_extension(cert, issuer, NID_basic_constraints, "critical,CA:FALSE");
        add_extension(cert, issuer, NID_ext_key_usage, "serverAuth");
        add_extension(cert, issuer, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    } else {
        add_extension(cert, cert, NID_basic_constraints, "critical,CA:TRUE");
        add_extension(cert, cert, NID_key_usage, "critical,keyCertSign");
    }
    if (!X509_sign(cert, issuer_key, EVP_sha256()))
        die("sign");
    return cert;
}

/* Make a CA and a server certificate; write the CA's to `ca_file`. */
static SSL_CTX *make_tls(const char *ca_file)
{
    EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *key = EVP_EC_gen("P-256");
    X509 *ca = make_cert("winhttp-posix demo CA", ca_key, NULL, ca_key);
    X509 *cert = make_cert("localhost", key, ca, ca_key);
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    FILE *file = fopen(ca_file, "w");

    if (!file || !PEM_write_X509(file, ca) || fclose(file))
        die(ca_file);
    if (!ctx || SSL_CTX_use_certificate(ctx, cert) != 1 || SSL_CTX_use_PrivateKey(ctx, key) != 1)
        die("TLS");
    SSL_CTX_set_mode(ctx, SSL_MODE_AUTO_RETRY);
    X509_free(cert);
    X509_free(ca);
    EVP_PKEY_free(key);
    EVP_PKEY_free(ca_key);
    return ctx;
}

int main(int argc, char **argv)
{
    const char *ca_file = argc == 3 && !strcmp(argv[1], "--ca") ? argv[2] : "demo-ca.pem";
    static struct listener plain, secure;
    char byte;

    signal(SIGPIPE, SIG_IGN);
    listen_on_loopback(&plain, NULL);
    listen_on_loopback(&secure, make_tls(ca_file));
    printf("http http://127.0.0.1:%u\nhttps https://localhost:%u\nca %s\n", plain.port, secure.port,
           ca_file);
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    return 0;
}
