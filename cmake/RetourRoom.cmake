# retour_room(NAME SEES ROOM... PUBLIC HEADER... SOURCES FILE... LIBS TARGET...)
#
# A room is a folder of src/ and an OBJECT library of its own. Its include path is a folder of links, made here, that
# holds only the rooms named in SEES, the room itself and the public headers of these: an #include of any other room
# does not build. SEES is the whole truth of who may know whom.
function(retour_room NAME)
  cmake_parse_arguments(ROOM "" "" "SEES;PUBLIC;SOURCES;LIBS" ${ARGN})
  set_property(GLOBAL PROPERTY RETOUR_ROOM_${NAME}_PUBLIC ${ROOM_PUBLIC})
  set_property(GLOBAL PROPERTY RETOUR_ROOM_${NAME}_SEES ${ROOM_SEES})
  set_property(GLOBAL APPEND PROPERTY RETOUR_ROOMS ${NAME})

  set(view ${CMAKE_BINARY_DIR}/rooms/${NAME})
  file(REMOVE_RECURSE ${view})
  file(MAKE_DIRECTORY ${view}/retour)
  foreach(seen IN LISTS ROOM_SEES ITEMS ${NAME})
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/src/${seen} ${view}/${seen} SYMBOLIC)
    get_property(public GLOBAL PROPERTY RETOUR_ROOM_${seen}_PUBLIC)
    foreach(header IN LISTS public)
      file(CREATE_LINK ${PROJECT_SOURCE_DIR}/include/retour/${header} ${view}/retour/${header} SYMBOLIC)
    endforeach()
  endforeach()
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/include/retour/macros.h ${view}/retour/macros.h SYMBOLIC)

  list(TRANSFORM ROOM_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/src/${NAME}/)
  add_library(room-${NAME} OBJECT ${ROOM_SOURCES})
  target_include_directories(room-${NAME} PRIVATE ${view})
  target_link_libraries(room-${NAME} PRIVATE PkgConfig::GLIB)
  # For compiling alone: whoever holds the room says what it is linked with.
  foreach(lib IN LISTS ROOM_LIBS)
    target_include_directories(room-${NAME} SYSTEM PRIVATE $<TARGET_PROPERTY:${lib},INTERFACE_INCLUDE_DIRECTORIES>)
  endforeach()
  target_compile_definitions(room-${NAME} PRIVATE RETOUR_COMPILATION)
endfunction()

# retour_room_closure(OUT ROOM...): the rooms and all that they see, for linking a test of one room alone.
function(retour_room_closure OUT)
  set(todo ${ARGN})
  set(done)
  while(todo)
    list(POP_FRONT todo room)
    if(NOT room IN_LIST done)
      list(APPEND done ${room})
      get_property(sees GLOBAL PROPERTY RETOUR_ROOM_${room}_SEES)
      list(APPEND todo ${sees})
    endif()
  endwhile()
  set(${OUT} ${done} PARENT_SCOPE)
endfunction()

# retour_program(NAME ROOM SOURCE LIBS TARGET...): a program of the room: SOURCE, the room, all that it sees and libretour's rooms.
# GMime is not linked: "late" stands in its place, and loads it when the first mail is read.
function(retour_program NAME ROOM SOURCE)
  cmake_parse_arguments(PROGRAM "" "" "LIBS" ${ARGN})
  get_property(library GLOBAL PROPERTY RETOUR_LIBRARY_ROOMS)
  retour_room_closure(rooms ${ROOM} ${library} late)
  add_executable(${NAME} ${SOURCE})
  target_include_directories(${NAME} PRIVATE ${CMAKE_BINARY_DIR}/rooms/${ROOM}
    $<TARGET_PROPERTY:retour-library,INTERFACE_INCLUDE_DIRECTORIES>)
  list(TRANSFORM rooms PREPEND room-)
  target_link_libraries(${NAME} PRIVATE ${rooms} PkgConfig::GLIB ${CMAKE_DL_LIBS} ${PROGRAM_LIBS})
  set_target_properties(${NAME} PROPERTIES LINKER_LANGUAGE C RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endfunction()
