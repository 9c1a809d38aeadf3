# What takes and gives text (URLs, dates, headers), and what this version does not implement.
list(APPEND WH_FRONT_SOURCES
    winhttp/api_platform.c
    winhttp/api_unsupported.c
    winhttp/query.c
    winhttp/system_time.c)
list(APPEND WH_FRONT_BOTH_WIDTHS
    winhttp/api_headers.c
    winhttp/api_query.c
    winhttp/api_time.c
    winhttp/api_unsupported_wide.c
    winhttp/api_url.c
    winhttp/api_url_create.c)
