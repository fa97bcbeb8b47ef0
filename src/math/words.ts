import { wordsOf } from '../normalizers/reading/words.ts';

/** The functions that are written with their name. */
export const functions = wordsOf(
  'sin,cos,tan,cot,sec,csc,sinh,cosh,tanh,arcsin,arccos,arctan,log,ln,exp,abs,cbrt,floor,ceil,gcd,lcm,max,min',
);

/** Words behind a value that only say what it counts. */
export const units = wordsOf(
  `cm,mm,km,ft,feet,foot,inch,inches,yd,yard,yards,mile,miles,kg,gram,grams,mg,lb,lbs,pound,pounds,oz,ounce,ounces,ton,tons,second,seconds,sec,
  secs,min,mins,minute,minutes,hr,hrs,hour,hours,day,days,week,weeks,month,months,year,years,cent,cents,dollar,dollars,usd,euro,euros,deg,
  radian,radians,rad,unit,units,square,cubic,sq,cu,percent,point,points,mph,kph,ml,liter,liters,litre,litres,gallon,gallons,meter,meters,metre,
  metres,centimeter,centimeters,kilometer,kilometers,kilogram,kilograms,people,way,ways,solution,solutions,pairs,integers,digits,per,pm,am,hz,mol,pa,kpa,atm,ev,kj,kw,acre,acres,cup,cups`,
);

/** Units of one letter, which are read as units only in a text: \`5 \\text{ m}\`. */
export const shortUnits = wordsOf('m,g,s,h,l,n,j,w,k,c,f,v');

/** Words that multiply the number before them. */
export const scales: Readonly<Record<string, string>> = {
  dozen: '12',
  hundred: '100',
  thousand: '1000',
  million: '1e6',
  billion: '1e9',
  trillion: '1e12',
};

/** Words of two and three letters, which are no products of names. */
export const shortWords = wordsOf(
  `yes,no,odd,one,two,six,ten,sum,all,any,new,old,red,day,sun,mon,tue,wed,thu,fri,sat,may,jan,feb,var,std,avg,ans,end,but,did,got,how,its,let,
  now,our,out,say,see,set,she,try,use,was,who,why,he,me,my,we,us,do,go,up,so,the,is,are,of,on,at,to,for,it,be,by,an,as,if,not,has,can,mod,per,
  tbd,dne,nan,off,top,low,big,few,men,boy,tax,age,row,bet,win,tie,won`,
);

/** Words that change the number before them, so that it is no count of what follows. */
export const changesNumber =
  /^(?:the|is|are|of|in|on|at|to|for|by|as|if|no|not|or|and|with|than|from|only|out|over|more|less|fewer|most|least|mod|modulo|base|squared|cubed|factorial|choose|times|below|above|under|before|after|ago|north|south|east|west|january|february|march|april|may|june|july|august|september|october|november|december|half|halves|thirds?|quarters?|fourths?|\w+(?:th|ths))$/;
