# Request headers going in, response headers coming out.
foreach(subject add query)
    winposix_test(headers_${subject} SOURCES headers_${subject}.c LIBS test_recorder WIDTHS)
endforeach()
