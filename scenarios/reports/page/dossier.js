/* The dossier needs no more than the switch between light and dark, and copying its command. */
copyButtons();
themeSwitch();
