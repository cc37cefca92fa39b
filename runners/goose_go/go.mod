module runner

go 1.24

require github.com/advancedlogic/GoOse v0.0.0-20191112112754-e742535969c1

require (
	github.com/PuerkitoBio/goquery v1.4.1 // indirect
	github.com/andybalholm/cascadia v1.0.0 // indirect
	github.com/araddon/dateparse v0.0.0-20180729174819-cfd92a431d0e // indirect
	github.com/fatih/set v0.2.1 // indirect
	github.com/gigawattio/window v0.0.0-20180317192513-0f5467e35573 // indirect
	github.com/go-resty/resty/v2 v2.0.0 // indirect
	github.com/jaytaylor/html2text v0.0.0-20180606194806-57d518f124b0 // indirect
	github.com/mattn/go-runewidth v0.0.3 // indirect
	github.com/olekukonko/tablewriter v0.0.0-20180506121414-d4647c9c7a84 // indirect
	github.com/pkg/errors v0.8.1 // indirect
	github.com/ssor/bom v0.0.0-20170718123548-6386211fdfcf // indirect
	golang.org/x/net v0.0.0-20190628185345-da137c7871d7 // indirect
	golang.org/x/text v0.3.0 // indirect
)
