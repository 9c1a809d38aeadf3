# Options: the table, what is behind its rows, and certificates as they are handed out.
list(APPEND WH_FRONT_SOURCES
    wincrypt/context.c
    winhttp/option.c
    winhttp/option_auth.c
    winhttp/option_handle.c
    winhttp/option_request.c
    winhttp/option_security.c
    winhttp/option_table.c)
list(APPEND WH_FRONT_BOTH_WIDTHS
    winhttp/api_auth.c
    winhttp/api_options.c)
