/* get_sequential_limit.c - GETs one after the other on one connection: write, read, write, read.
 *
 *      get_sequential_limit URL COUNT
 */
#include "limit.h"

static char buffer[LIMIT_BUFFER];

int main(int argc, char **argv)
{
    int count = limit_number(argc, argv, 2);
    struct limit_url url;
    struct limit_conn conn;
    SSL_CTX *context;
    char request[512];
    size_t request_len;

    limit_url_parse(&url, argv[1]);
    request_len = limit_request(request, sizeof(request), &url, 0);
    context = limit_context(&url);
    limit_open(&conn, &url, context, NULL);
    for (int i = 0; i < count; i++) {
        limit_write(&conn, request, request_len);
        limit_response(&conn, buffer);
    }
    limit_close(&conn);
    SSL_CTX_free(context);
    return 0;
}
