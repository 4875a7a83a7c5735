"""Finding, showing, handing over and erasing what is held of one person, in every floor from here up."""
