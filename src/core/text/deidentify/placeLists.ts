const list = (text: string): readonly string[] => text.split(',').map((name) => name.trim()).filter((name) => name !== '');

/** States and countries may stand: Safe Harbor takes only what is smaller than a state. Lower case. */
export const regions: ReadonlySet<string> = new Set(list(`alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, georgia, hawaii, idaho, illinois, indiana, iowa, kansas,
kentucky, louisiana, maine, maryland, massachusetts, michigan, minnesota, mississippi, missouri, montana, nebraska, nevada, new hampshire, new jersey, new mexico, north carolina, north dakota,
ohio, oklahoma, oregon, pennsylvania, rhode island, south carolina, south dakota, tennessee, texas, utah, vermont, virginia, west virginia, wisconsin, wyoming, puerto rico, ontario, quebec,
british columbia, alberta, manitoba, saskatchewan, nova scotia, new brunswick, newfoundland, prince edward island, new south wales, queensland, tasmania, sierra leone, bavaria, england, scotland, wales, northern ireland, ireland, united kingdom, uk, great britain, britain, usa, us, america,
united states, canada, mexico, brazil, argentina, chile, peru, colombia, venezuela, ecuador, bolivia, cuba, haiti, jamaica, dominican republic, guatemala, honduras, el salvador, nicaragua, panama,
costa rica, germany, austria, switzerland, france, spain, portugal, italy, greece, netherlands, belgium, luxembourg, denmark, norway, sweden, finland, iceland, poland, czechia, czech republic, slovakia,
hungary, romania, bulgaria, serbia, croatia, slovenia, bosnia, albania, ukraine, russia, belarus, turkey, cyprus, israel, palestine, lebanon, syria, jordan, iraq, iran, saudi arabia, yemen, oman,
kuwait, qatar, egypt, libya, tunisia, algeria, morocco, sudan, ethiopia, eritrea, somalia, kenya, uganda, tanzania, rwanda, nigeria, ghana, senegal, mali, cameroon, congo, angola, zambia, zimbabwe,
mozambique, south africa, namibia, botswana, india, pakistan, bangladesh, sri lanka, nepal, afghanistan, china, taiwan, japan, korea, south korea, north korea, mongolia, vietnam, thailand, laos,
cambodia, myanmar, burma, malaysia, indonesia, philippines, singapore, australia, new zealand, fiji, samoa, africa, asia, europe, south america, north america, central america, the middle east,
midwest, east coast, west coast, caribbean, southeast asia, sub-saharan africa, west africa, east africa, latin america, eastern europe, kashmir, punjab, kerala, gujarat`));

/** Postal abbreviations of the states. */
export const stateCodes = 'A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]|ON|QC|BC|AB|NSW|VIC|QLD';

/** Large cities whose name is hardly ever a word, a person or a score. */
export const cities: readonly string[] = list(`New York City, Los Angeles, Chicago, Houston, Philadelphia, San Antonio, San Diego, Dallas, San Jose, Fort Worth, Columbus, Charlotte, San Francisco, Indianapolis, Seattle,
Denver, Nashville, Oklahoma City, El Paso, Las Vegas, Detroit, Memphis, Louisville, Baltimore, Milwaukee, Albuquerque, Tucson, Fresno, Sacramento, Kansas City, Atlanta, Omaha, Colorado Springs,
Raleigh, Long Beach, Virginia Beach, Miami, Oakland, Minneapolis, Tulsa, Tampa, New Orleans, Wichita, Cleveland, Bakersfield, Anaheim, Honolulu, Santa Ana, Riverside, Corpus Christi, Lexington,
Stockton, Saint Paul, St. Paul, Cincinnati, St. Louis, Pittsburgh, Greensboro, Anchorage, Plano, Newark, Durham, Chula Vista, Toledo, Fort Wayne, St. Petersburg, Laredo, Buffalo, Jersey City,
Chandler, Lubbock, Scottsdale, Reno, Glendale, Norfolk, Winston-Salem, Irving, Chesapeake, Hialeah, Fremont, Boise, Baton Rouge, Spokane, Des Moines, Tacoma, San Bernardino, Modesto, Fontana,
Santa Clarita, Birmingham, Oxnard, Fayetteville, Rochester, Salt Lake City, Little Rock, Yonkers, Huntsville, Amarillo, Akron, Grand Rapids, Brooklyn, Queens, Bronx, Manhattan, Staten Island,
Hartford, Providence, Syracuse, Albany, Bridgeport, Knoxville, Chattanooga, Savannah, Tallahassee, Gainesville, Jacksonville, Orlando, Fort Lauderdale, Pasadena, Berkeley, Palo Alto, Santa Monica,
Portland, Salem, Eugene, Springfield, Dayton, Topeka, Lincoln, Sioux Falls, Fargo, Bismarck, Billings, Cheyenne, Santa Fe, Phoenix, Mesa, Tempe, London, Manchester, Liverpool, Leeds, Sheffield,
Bristol, Glasgow, Edinburgh, Cardiff, Belfast, Dublin, Cork, Galway, Nottingham, Leicester, Coventry, Southampton, Brighton, Plymouth, Newcastle, Paris, Lyon, Marseille, Toulouse, Bordeaux, Lille,
Nantes, Strasbourg, Berlin, Hamburg, Munich, München, Köln, Cologne, Frankfurt, Stuttgart, Düsseldorf, Leipzig, Dresden, Hannover, Nürnberg, Vienna, Wien, Graz, Salzburg, Zurich, Zürich, Geneva,
Basel, Bern, Madrid, Barcelona, Valencia, Sevilla, Seville, Bilbao, Málaga, Lisbon, Lisboa, Porto, Rome, Roma, Milan, Milano, Naples, Napoli, Turin, Torino, Bologna, Florence, Venice, Palermo,
Amsterdam, Rotterdam, Utrecht, Brussels, Antwerp, Copenhagen, Oslo, Bergen, Stockholm, Gothenburg, Göteborg, Malmö, Helsinki, Warsaw, Kraków, Krakow, Gdansk, Prague, Budapest, Bucharest, Sofia,
Athens, Thessaloniki, Belgrade, Zagreb, Kyiv, Kiev, Moscow, Saint Petersburg, Istanbul, Ankara, Izmir, Tel Aviv, Jerusalem, Haifa, Beirut, Damascus, Amman, Baghdad, Tehran, Riyadh, Jeddah, Dubai,
Abu Dhabi, Doha, Cairo, Alexandria, Casablanca, Algiers, Tunis, Lagos, Abuja, Accra, Kumasi, Nairobi, Mombasa, Kampala, Addis Ababa, Johannesburg, Cape Town, Durban, Pretoria, Harare, Mumbai,
Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Kolkata, Hyderabad, Pune, Ahmedabad, Jaipur, Lucknow, Kochi, Karachi, Lahore, Islamabad, Dhaka, Colombo, Kathmandu, Beijing, Shanghai, Guangzhou,
Shenzhen, Wuhan, Chengdu, Hong Kong, Taipei, Seoul, Busan, Tokyo, Osaka, Kyoto, Nagoya, Sapporo, Hanoi, Ho Chi Minh City, Saigon, Bangkok, Manila, Cebu, Jakarta, Kuala Lumpur, Sydney, Melbourne,
Brisbane, Perth, Adelaide, Auckland, Wellington, Toronto, Montreal, Vancouver, Calgary, Ottawa, Edmonton, Winnipeg, Halifax, Mexico City, Guadalajara, Monterrey, Tijuana, Puebla, Bogotá, Bogota,
Medellín, Medellin, Cali, Lima, Quito, Caracas, Santiago, Buenos Aires, Córdoba, Montevideo, São Paulo, Sao Paulo, Rio de Janeiro, Brasília, Salvador, Recife, Havana, Kingston, Port-au-Prince,
San Juan, Santo Domingo, Guatemala City, Tegucigalpa, Managua`);
