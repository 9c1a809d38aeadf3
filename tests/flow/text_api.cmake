# Request headers going in, response headers coming out.
foreach(subject add query)
    winposix_test(headers_${subject} SOURCES headers_${subject}.c LIBS test_recorder WIDTHS)
endforeach()
winposix_test(headers_memory SOURCES headers_memory.c LIBS winhttp_internals test_server WIDTHS)
